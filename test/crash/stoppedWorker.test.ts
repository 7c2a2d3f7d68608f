import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import {
  type ConnectedPerson,
  connectEverybody,
  expectAllStoredOnce,
  expectConnected,
  expectNewsToldOnce,
  expectNothingElse,
  historiesEnded,
} from './verdict';

/** Longer than the worker waits before it cancels what runs (src/temporal/createWorkers.ts), and than it once waited before it ended all. */
const SLOW_ANSWER_MS = 28_000;

/** A deploy at a bad moment. No spent refresh token is taken twice here: an answer that is not stored is a connection lost. */
describe('a worker told to stop while Dexcom keeps it waiting', () => {
  let engine: Engine;
  let people: ConnectedPerson[];

  beforeAll(async () => {
    engine = await startEngine({ interval: '3s', simulator: { people: 1, historyDays: 3, delay: '1s', grace: '0s' } });
  });
  afterAll(() => engine?.stop());

  const control = () => engine.simulator.control;

  async function struck(id: string): Promise<void> {
    await eventually(async () => {
      const fault = (await control().faults()).find((known) => known.id === id);
      expect(fault?.hits).toBeGreaterThan(0);
    });
  }

  /** As a deploy does. @returns the exit code of the one before */
  async function replaceWorker(): Promise<number | null> {
    const [worker] = engine.workers;
    if (!worker) throw new Error('no worker');
    const code = await worker.stop();
    worker.start();
    return code;
  }

  test('in the middle of a pull ends well, and its successor brings the history to its end', async () => {
    const { id } = await control().addFault({ kind: 'stall', stallMs: 3_000, endpoints: ['egvs'], when: 'after', times: 2 });
    people = await connectEverybody(engine);
    await struck(id);
    expect(await replaceWorker()).toBe(0);
    await historiesEnded(engine, people);
  });

  test('in the middle of a token refresh stores the rotation, and its successor goes on from there', async () => {
    await control().settings({ accessTokenLifeSeconds: 20 });
    const { id } = await control().addFault({ kind: 'stall', stallMs: SLOW_ANSWER_MS, endpoints: ['token'], when: 'after', times: 1 });
    // The token already out keeps its two hours; a refused one makes the connection rotate now.
    await control().addFault({ kind: 'status', status: 401, endpoints: ['egvs'], times: 1 });
    await struck(id);
    expect(await replaceWorker()).toBe(0);

    await eventually(async () => expect((await control().rotations()).length).toBeGreaterThan(1));
    const unused = (await control().rotations()).filter(({ firstUsedAt }) => firstUsedAt === null);
    expect(unused.length).toBeLessThanOrEqual(1);
  });

  test('loses nothing, doubles nothing, disconnects nobody', async () => {
    for (const person of people) {
      await expectConnected(engine, person);
      await expectAllStoredOnce(engine, person);
      await expectNewsToldOnce(engine, person);
    }
    expectNothingElse(engine);
  });
});
