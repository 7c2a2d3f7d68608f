import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, startEngine } from '../engine/engine';
import { judged } from './judged';
import { seededRandom } from './seededRandom';
import { type ConnectedPerson, connectEverybody, historiesEnded } from './verdict';

const SEED = process.env.CRASH_SEED ?? 'continuo';
const KILLS = 20;
const PEOPLE = 4;

/**
 * Two workers share the work; one of them is SIGKILLed at a random moment and started again, twenty times: ten times while history is read,
 * ten times while Dexcom is only polled, through token refreshes all along. `CRASH_SEED=… npx jest test/crash` repeats a run's moments.
 */
describe(`workers killed at ${KILLS} random moments (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  let engine: Engine;
  let people: ConnectedPerson[];

  beforeAll(async () => {
    engine = await startEngine({
      interval: '3s',
      workers: 2,
      simulator: { people: PEOPLE, historyDays: 100, delay: '1s', grace: '120s' },
    });
    // Short, so that some of the kills meet a refresh.
    await engine.simulator.control.settings({ accessTokenLifeSeconds: 20 });
    // Dexcom takes its time, so that a history takes longer than the kills that are meant for it.
    const { id } = await engine.simulator.control.addFault({ kind: 'stall', stallMs: 8_000, endpoints: ['egvs'], times: null });
    people = await connectEverybody(engine);
    await killWorkers(KILLS / 2);
    expect(engine.receiver.distinct('historical.data.glucose.created')).toEqual([]);

    await engine.simulator.control.clearFault(id);
    await historiesEnded(engine, people);
    await killWorkers(KILLS / 2);
  }, 600_000);
  afterAll(() => engine?.stop());

  async function killWorkers(times: number): Promise<void> {
    for (let kill = 0; kill < times; kill++) {
      await sleep(200 + random() * 1_800);
      const worker = engine.workers[Math.floor(random() * engine.workers.length)];
      await worker?.kill();
      worker?.start();
    }
  }

  judged(() => ({ engine, people }));

  test('tokens were rotated meanwhile', async () => {
    expect((await engine.simulator.control.rotations()).length).toBeGreaterThan(PEOPLE);
  });
});
