import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, startEngine } from '../engine/engine';
import { seededRandom } from './seededRandom';
import {
  type ConnectedPerson,
  connectEverybody,
  expectAllStoredOnce,
  expectConnected,
  expectNewsToldOnce,
  expectNothingElse,
  historiesEnded,
} from './verdict';

const SEED = process.env.CRASH_SEED ?? 'continuo';
const KILLS = 20;
const PEOPLE = 3;

/**
 * Two workers share the work; one of them is SIGKILLed at a random moment and started again, twenty times, through backfill, live polling
 * and token refreshes. `CRASH_SEED=… npx jest test/crash` repeats a run's moments.
 */
describe(`workers killed at ${KILLS} random moments (seed ${SEED})`, () => {
  let engine: Engine;
  let people: ConnectedPerson[];

  beforeAll(async () => {
    engine = await startEngine({
      interval: '5s',
      workers: 2,
      simulator: { people: PEOPLE, historyDays: 730, delay: '1s', grace: '120s' },
    });
    // Short, so that some of the kills meet a refresh.
    await engine.simulator.control.settings({ accessTokenLifeSeconds: 20 });
    people = await connectEverybody(engine);

    const random = seededRandom(SEED);
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(500 + random() * 5_000);
      const worker = engine.workers[Math.floor(random() * engine.workers.length)];
      await worker?.kill();
      worker?.start();
    }
    await historiesEnded(engine, people);
  }, 600_000);
  afterAll(() => engine?.stop());

  test('every visible reading is stored once', async () => {
    for (const person of people) await expectAllStoredOnce(engine, person);
  });

  test('every reading of news is in exactly one created event, every reading of history in none', async () => {
    for (const person of people) await expectNewsToldOnce(engine, person);
  });

  test('nothing was ever updated, and every signature verified', () => expectNothingElse(engine));

  test('nobody was disconnected, though tokens were rotated meanwhile', async () => {
    for (const person of people) await expectConnected(engine, person);
    expect((await engine.simulator.control.rotations()).length).toBeGreaterThan(PEOPLE);
  });
});
