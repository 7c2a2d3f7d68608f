import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import type { Database } from '../../src/storage/database';
import type { RecordDoc } from '../../src/storage/records';
import type { SyncDeps } from '../../src/sync/deps';
import { sampleConnection } from '../storage/sampleConnection';
import type { ScriptedDexcom } from './scriptedDexcom';
import { type ScriptedSync, scriptedSync } from './scriptedSync';
import { sleepingGate } from './sleepingGate';
import { grantFor, pullOnce } from './syncWorld';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

describe('events read beside a poll', () => {
  let world: ScriptedSync;
  let database: Database;
  let scripted: ScriptedDexcom;
  let deps: SyncDeps;

  beforeAll(async () => {
    world = await scriptedSync();
    ({ database, scripted, deps } = world);
  });
  afterAll(() => world?.close());

  /** Their history of so many days is done, and no event was ever asked for. */
  async function somebody(days: number, change: Partial<ConnectionDoc> = {}): Promise<ConnectionDoc> {
    const now = Date.now();
    const { records: _, ...fresh } = sampleConnection({ dexcomUserId: scripted.userId });
    const floor = now - days * DAY_MS;
    const connection = { ...fresh, backfill: { ...fresh.backfill, floor, doneBackTo: floor, endedAt: now }, ...change };
    await deps.connections.ensure(connection);
    await deps.grants.settle(grantFor(connection, { accessToken: 'a', refreshToken: 'r', issuedAt: now, expiresAt: now + HOUR_MS }));
    return connection;
  }

  function meal(at: number, change: object = {}) {
    const time = new Date(at).toISOString();
    return {
      recordId: 'meal',
      systemTime: time,
      displayTime: time,
      eventStatus: 'created',
      eventType: 'carbs',
      value: '45',
      unit: 'grams',
      ...change,
    };
  }

  const poll = (connection: ConnectionDoc, by: SyncDeps = deps) => {
    const to = Date.now();
    return pullOnce(by, connection, { purpose: 'live', from: to - HOUR_MS, to });
  };
  const kept = ({ _id: connectionId }: ConnectionDoc) => database.db.collection<RecordDoc>('records').find({ connectionId }).toArray();
  const due = ({ _id }: ConnectionDoc) =>
    database.db.collection<ConnectionDoc>('connections').updateOne({ _id }, { $set: { 'records.nextAt': 0 } });

  test('by a worker that falls asleep at any of its operations never stand over what another has read since', async () => {
    for (let at = 0; ; at++) {
      const connection = await somebody(10);
      const eatenAt = Date.now() - HOUR_MS;
      scripted.serveEvents([meal(eatenAt)]);
      await poll(connection);
      await due(connection);

      scripted.serveEvents([meal(eatenAt, { eventStatus: 'updated', value: '50' })]);
      const { gate, asleepBefore, wake } = sleepingGate(at);
      const ending = poll(connection, world.over(gate)).catch(() => undefined);
      const slept = await asleepBefore(ending);
      scripted.serveEvents([meal(eatenAt, { eventStatus: 'deleted' })]);
      await due(connection);
      await poll(connection);
      wake();
      await ending;
      expect(await kept(connection)).toMatchObject([{ status: 'deleted', deleted: true }]);
      if (!slept) return;
    }
  });

  test('say whether a change keeps its record’s id, once one has, and ever after', async () => {
    const connection = await somebody(10);
    const idsStay = async () => (await deps.connections.load(connection._id))?.records?.idsStay;
    const told: unknown[] = [];
    const eatenAt = Date.now() - HOUR_MS;
    const changed = meal(eatenAt, { eventStatus: 'updated', value: '50' });
    for (const served of [[meal(eatenAt)], [meal(eatenAt), { ...changed, recordId: 'other' }], [changed], []]) {
      scripted.serveEvents(served);
      await poll(connection);
      told.push(await idsStay());
      await due(connection);
    }
    expect(told).toEqual([undefined, undefined, true, true]);
  });
});
