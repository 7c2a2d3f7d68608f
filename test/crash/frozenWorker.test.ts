import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, startEngine } from '../engine/engine';
import {
  type ConnectedPerson,
  connectEverybody,
  expectAllStoredOnce,
  expectConnected,
  expectNewsToldOnce,
  expectNothingElse,
  historiesEnded,
} from './verdict';

/** Longer than a pull's heartbeat timeout, so that its attempt is given to somebody else. */
const FROZEN_MS = 20_000;

/** A zombie: it has read and fetched, sleeps past its timeout while another takes over, then wakes and goes on where it was. */
describe('a worker frozen past its timeout and woken after another took over', () => {
  let engine: Engine;
  let people: ConnectedPerson[];

  beforeAll(async () => {
    engine = await startEngine({ interval: '5s', workers: 2, simulator: { people: 2, historyDays: 400, delay: '1s', grace: '120s' } });
    people = await connectEverybody(engine);

    // Once within the backfill, then twice within live polling; answers that take a while make it likely that a pull is under way.
    for (const [round, worker] of [...engine.workers, ...engine.workers.slice(0, 1)].entries()) {
      await engine.simulator.control.addFault({ kind: 'stall', stallMs: 1_500, endpoints: ['egvs'], when: 'after', times: 4 });
      await sleep(1_000);
      worker.freeze();
      await sleep(FROZEN_MS);
      worker.thaw();
      if (round === 0) await historiesEnded(engine, people);
    }
  }, 400_000);
  afterAll(async () => {
    for (const worker of engine?.workers ?? []) worker.thaw();
    await engine?.stop();
  });

  test('every visible reading is stored once', async () => {
    for (const person of people) await expectAllStoredOnce(engine, person);
  });

  test('every reading of news is in exactly one created event, every reading of history in none', async () => {
    for (const person of people) await expectNewsToldOnce(engine, person);
    expectNothingElse(engine);
  });

  test('nobody was disconnected', async () => {
    for (const person of people) await expectConnected(engine, person);
  });
});
