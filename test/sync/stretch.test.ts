import { pull } from '../../src/sync/pull';
import { type Gate, gatedDb } from './gatedDb';
import { type Story, unreadStretch } from './pullStories';
import { type Person, policy, pullOnce, type SyncWorld, sparsePerson, syncWorld } from './syncWorld';
import { messagesOfType } from './told';
import { INNOCENT, verdict } from './verdict';

const HISTORICAL = 'historical.data.glucose.created';

describe('a stretch of history', () => {
  let world: SyncWorld;
  let person: Person;

  beforeAll(async () => {
    world = await syncWorld({ historyDays: 3, delay: '0s' });
    person = await sparsePerson(world);
  });
  afterEach(() => world.simulator.control.clearFaults());
  afterAll(() => world.close());

  interface Way {
    readonly gate?: Gate;
    readonly signal?: AbortSignal;
    readonly yieldAt?: number;
  }

  const pullStretch = (
    { connection, window }: Story,
    { gate = async () => undefined, signal = new AbortController().signal, ...rest }: Way,
  ) => pull(world.depsOver(gatedDb(world.database.db, gate)), { connectionId: connection._id, policy, signal, ...window, ...rest });

  /** Windows asked of Dexcom so far. */
  const asked = async () => (await world.simulator.control.calls({ personId: person.id, endpoint: 'egvs' })).length;

  /** Where its windows begin, newest first. */
  const windowsOf = ({ window: { from, to } }: Story): readonly [number, number, number] => [
    to - (to - from) / 3,
    from + (to - from) / 3,
    from,
  ];

  /** Calls at every attempt to keep what has been done so far, the last one included. */
  const atEachKeeping = (work: (kept: number) => Promise<void>): Gate => {
    let kept = 0;
    return async (_, name) => {
      if (name === 'connections.updateOne') await work(kept++);
    };
  };

  test('is read newest window first; after each its progress and readings are true, and its end is told once all are there', async () => {
    const story = await unreadStretch(world, person);
    const { connection, window } = story;
    const seen: unknown[] = [];
    const gate = atEachKeeping(async () => {
      const { backfill, readings } = await world.connectionNow(connection);
      expect(readings).toBe(backfill.readings);
      seen.push([backfill.doneBackTo, backfill.windowsDone, await messagesOfType(world, connection, HISTORICAL)]);
    });
    const result = await pullStretch(story, { gate });

    const [first, second, third] = windowsOf(story);
    expect(seen).toEqual([
      [window.to, 0, 0],
      [first, 1, 0],
      // Told before the last window counts as done: a message that is there twice is one message.
      [second, 2, 1],
    ]);
    const { backfill, readings, open } = await world.connectionNow(connection);
    expect(backfill).toMatchObject({ doneBackTo: third, windowsDone: 3, windowsTotal: 3, readings, endedAt: expect.any(Number) });
    expect(open).toEqual([]);
    expect(result).toMatchObject({ doneBackTo: third, readings, created: 0, updated: 0 });
    expect(await verdict(world, person, connection, window)).toEqual(INNOCENT);
  });

  test('is fetched one window ahead of what is stored, never two', async () => {
    const story = await unreadStretch(world, person);
    const before = await asked();
    const ahead: number[] = [];
    let kept = 0;
    await pullStretch(story, {
      gate: async (_, name) => {
        if (name === 'glucose_days.insertMany' || name === 'connections.updateOne') ahead.push((await asked()) - before - kept);
        if (name === 'connections.updateOne') kept++;
      },
    });
    expect(Math.max(...ahead)).toBeLessThanOrEqual(2);
    expect((await asked()) - before).toBe(3);
  });

  test('ends after its first window when the next poll is due, and another pull goes on from there', async () => {
    const story = await unreadStretch(world, person);
    const [first] = windowsOf(story);
    const before = await asked();
    expect(await pullStretch(story, { yieldAt: Date.now() })).toMatchObject({ doneBackTo: first });
    expect((await asked()) - before).toBe(1);
    expect(await world.connectionNow(story.connection)).toMatchObject({ backfill: { doneBackTo: first, endedAt: null }, open: [] });

    await pullOnce(world.deps, story.connection, { ...story.window, to: first });
    expect(await verdict(world, person, story.connection, story.window)).toEqual(INNOCENT);
  });

  test('keeps what it has when a later window fails, and leaves the failure to the pull that asks for it first', async () => {
    const story = await unreadStretch(world, person);
    const [first] = windowsOf(story);
    await world.simulator.control.addFault({ endpoints: ['egvs'], kind: 'status', status: 503, skip: 1, times: null });
    expect(await pullStretch(story, {})).toMatchObject({ doneBackTo: first });
    expect(await world.connectionNow(story.connection)).toMatchObject({ backfill: { doneBackTo: first, windowsDone: 1 }, open: [] });
    await expect(pullOnce(world.deps, story.connection, { ...story.window, to: first })).rejects.toMatchObject({
      type: 'DexcomUnavailable',
    });
  });

  test.each([
    ['as long as it says', { retryAfterSeconds: 600 }, 600_000],
    ['as after any first failure, if it does not say how long', {}, policy.backoffFirstMs],
  ])('keeps what it has when Dexcom asks for fewer calls, and says that nothing more is to be asked %s', async (_, said, retryAfterMs) => {
    const story = await unreadStretch(world, person);
    const [first] = windowsOf(story);
    await world.simulator.control.addFault({ endpoints: ['egvs'], kind: 'status', status: 429, skip: 1, times: null, ...said });
    expect(await pullStretch(story, {})).toMatchObject({ doneBackTo: first, retryAfterMs });
    expect(await world.connectionNow(story.connection)).toMatchObject({ backfill: { doneBackTo: first, windowsDone: 1 }, open: [] });
  });

  test('paused meanwhile keeps what it has, and stores nothing of a window it had fetched ahead', async () => {
    const story = await unreadStretch(world, person);
    const { _id, teamId } = story.connection;
    const [first] = windowsOf(story);
    const pausing = atEachKeeping(async (nth) => {
      if (nth === 0) await world.deps.connections.setDesired(teamId, _id, 'paused');
    });
    expect(await pullStretch(story, { gate: pausing })).toMatchObject({ doneBackTo: first });
    expect(await world.connectionNow(story.connection)).toMatchObject({ backfill: { doneBackTo: first, windowsDone: 1 }, open: [] });
  });

  test('whose first window fails has done nothing', async () => {
    const story = await unreadStretch(world, person);
    await world.simulator.control.addFault({ endpoints: ['egvs'], kind: 'status', status: 503 });
    await expect(pullStretch(story, {})).rejects.toMatchObject({ type: 'DexcomUnavailable' });
    expect(await world.connectionNow(story.connection)).toMatchObject({ backfill: story.connection.backfill, open: [] });
  });

  test('asked for again after its process died goes on below what was kept, and answers for all of it', async () => {
    const story = await unreadStretch(world, person);
    const dying = atEachKeeping(async (nth) => {
      if (nth === 1) throw new Error('killed');
    });
    await expect(pullStretch(story, { gate: dying })).rejects.toThrow('killed');
    const before = await asked();
    await world.simulator.control.addFault({ endpoints: ['egvs'], kind: 'status', status: 503 });
    const [first, , third] = windowsOf(story);
    expect(await pullStretch(story, {})).toMatchObject({ doneBackTo: first });
    expect((await asked()) - before).toBe(1);
    expect(await pullStretch(story, {})).toMatchObject({ doneBackTo: third });
    expect((await asked()) - before).toBe(3);
    expect(await verdict(world, person, story.connection, story.window)).toEqual(INNOCENT);
  });

  test('cancelled between two windows ends with what it has', async () => {
    const story = await unreadStretch(world, person);
    const cancelling = new AbortController();
    const gate = atEachKeeping(async () => cancelling.abort(new Error('cancelled')));
    const result = await pullStretch(story, { gate, signal: cancelling.signal });
    expect(result.doneBackTo).toBeGreaterThan(story.window.from);
    expect(await world.connectionNow(story.connection)).toMatchObject({ backfill: { doneBackTo: result.doneBackTo }, open: [] });
  });

  test('that dies while a window is on its way waits for nobody, and that window’s failure disturbs nobody', async () => {
    const story = await unreadStretch(world, person);
    await world.simulator.control.addFault({ endpoints: ['egvs'], kind: 'stall', stallMs: 600_000, skip: 1, times: null });
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    const gate: Gate = async (_, name) => {
      if (name === 'glucose_days.insertMany') throw new Error('killed');
    };
    await expect(pullStretch(story, { gate })).rejects.toThrow('killed');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });
});
