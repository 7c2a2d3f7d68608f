import { randomUUID } from 'node:crypto';
import { createSyncActivities } from '../../src/activities/sync';
import { createLog } from '../../src/log';
import { type SyncWorld, syncWorld } from './syncWorld';

describe('what is kept of a failure', () => {
  let world: SyncWorld;

  beforeAll(async () => {
    world = await syncWorld({ people: 1, historyDays: 1 });
  });
  afterAll(() => world?.close());

  test.each([
    ['RateLimited', 'RateLimited'],
    ['rotation_lost', 'rotation_lost'],
    ['Timeout', 'Timeout'],
    ['DatabaseAway', 'DatabaseAway'],
    ['MongoServerError', 'Unexpected'],
    ['toString', 'Unexpected'],
    ['NotWanted', undefined],
    ['NeedsReauth', undefined],
  ])('of type %s is %s', async (type, kept) => {
    const { connections } = world.deps;
    const person = await world.consent(world.simulator.person);
    const { _id: connectionId } = await world.connect(person, { _id: randomUUID() });
    const { noteFailure } = createSyncActivities(world.deps, createLog({ level: 'fatal', name: 'test' }));
    await noteFailure({ connectionId, type, message: 'a message', failures: 1, nextPollAt: Date.now() });
    expect((await connections.load(connectionId))?.lastError?.type).toBe(kept);
  });

  test('of history stays while live pulls succeed, and goes with the next window of it', async () => {
    const { connections, pulls } = world.deps;
    const connection = await world.connect(await world.consent(world.simulator.person), { _id: randomUUID() });
    await pulls.noteHistoryError(connection._id, { type: 'DexcomUnavailable', at: 1 });
    const close = async (closing: object): Promise<unknown> => {
      const begun = await pulls.begin(connection._id, { from: 0, to: 1 });
      await pulls.end(connection, begun?.pullSeq ?? 0, { now: 2, readings: 0, newestReadingAt: null, ...closing });
      return (await connections.load(connection._id))?.historyError;
    };
    expect(await close({})).toEqual({ type: 'DexcomUnavailable', at: 1 });
    expect(await close({ backfill: connection.backfill })).toBeNull();
  });
});
