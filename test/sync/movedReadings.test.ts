import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import type { Database } from '../../src/storage/database';
import type { SyncDeps } from '../../src/sync/deps';
import { SyncFailure } from '../../src/sync/syncFailure';
import { sampleConnection } from '../storage/sampleConnection';
import { egv, type ScriptedDexcom, type SentRecord } from './scriptedDexcom';
import { type ScriptedSync, scriptedSync } from './scriptedSync';
import { sleepingGate } from './sleepingGate';
import { grantFor, pullOnce } from './syncWorld';
import { storedReadings, toldReadings } from './told';

class Killed extends Error {}

const MIDNIGHT = Date.parse('2026-11-21T00:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const window = { purpose: 'live', from: MIDNIGHT - 12 * HOUR_MS, to: MIDNIGHT + 12 * HOUR_MS } as const;

const MOVED = '00000000-0000-4000-8000-000000000001';
const [EARLY, LATE, FRESH] = ['2', '3', '4'].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
/** Before and after `MOVED` has gone over midnight; another reading changes and one more comes, so that both days have news of their own. */
const BEFORE = [
  egv(MOVED, MIDNIGHT - 2 * MINUTE_MS, 100),
  egv(`${EARLY}`, MIDNIGHT - HOUR_MS, 110),
  egv(`${LATE}`, MIDNIGHT + HOUR_MS, 120),
];
const AFTER = [
  egv(MOVED, MIDNIGHT + 2 * MINUTE_MS, 100),
  egv(`${EARLY}`, MIDNIGHT - HOUR_MS, 111),
  egv(`${LATE}`, MIDNIGHT + HOUR_MS, 120),
  egv(`${FRESH}`, MIDNIGHT + 2 * HOUR_MS, 130),
];

describe('a reading whose time moves over midnight', () => {
  let world: ScriptedSync;
  let database: Database;
  let scripted: ScriptedDexcom;
  let deps: SyncDeps;

  beforeAll(async () => {
    world = await scriptedSync();
    ({ database, scripted, deps } = world);
  });
  afterAll(() => world?.close());

  async function pulled(records: readonly SentRecord[]): Promise<ConnectionDoc> {
    const liveFrom = window.from - HOUR_MS;
    const fresh = sampleConnection({ dexcomUserId: scripted.userId, liveFrom, coveredUntil: liveFrom });
    const connection = { ...fresh, backfill: { ...fresh.backfill, doneBackTo: liveFrom } };
    await deps.connections.ensure(connection);
    const now = Date.now();
    const tokens = { accessToken: 'a', refreshToken: 'r', issuedAt: now, expiresAt: now + HOUR_MS };
    await deps.grants.settle(grantFor(connection, tokens));
    scripted.serve(records);
    await pullOnce(deps, connection, window);
    return connection;
  }

  async function expectMoved(connection: ConnectionDoc, at: number): Promise<void> {
    const stored = await storedReadings({ database, deps }, connection);
    expect({ at, stored }).toEqual({
      at,
      stored: AFTER.map(({ recordId, systemTime, value }) => ({ recordId, at: Date.parse(String(systemTime)), mgPerDl: value })).sort(
        (a, b) => a.at - b.at,
      ),
    });
    const told = await toldReadings({ database }, connection);
    const countOf = (id: string | undefined, change: string) => told.filter((one) => one.recordId === id && one.change === change).length;
    expect({ at, created: [MOVED, EARLY, LATE, FRESH].map((id) => countOf(id, 'created')) }).toEqual({ at, created: [1, 1, 1, 1] });
    expect({ at, updated: [EARLY, LATE, FRESH].map((id) => countOf(id, 'updated')) }).toEqual({ at, updated: [1, 0, 0] });
    // A new time is told; should its old day be met once more, not twice.
    expect(countOf(MOVED, 'updated')).toBeLessThanOrEqual(1);
    expect(await deps.glucoseDays.unpublishedOf(connection)).toEqual([]);
  }

  test('is stored once and created once, whatever operation the pull is killed at', async () => {
    for (let at = 0; ; at++) {
      const connection = await pulled(BEFORE);
      scripted.serve(AFTER);
      const dying = world.over(async (operation) => {
        if (operation >= at) throw new Killed();
      });
      const died = await pullOnce(dying, connection, window).catch((error: unknown) => error);
      await pullOnce(deps, connection, window);
      await expectMoved(connection, at);
      if (!(died instanceof Killed)) return;
    }
  });

  test.each([
    ['before it moved', BEFORE],
    ['after it moved', AFTER],
  ])('is stored once and created once, whatever operation a pull sleeps at that has seen it %s', async (_, seen) => {
    for (let at = 0; ; at++) {
      const connection = await pulled(BEFORE);
      scripted.serve(seen);
      const { gate, asleepBefore, wake } = sleepingGate(at);
      const ending = pullOnce(world.over(gate), connection, window).catch((error: unknown) => error);
      const slept = await asleepBefore(ending);
      scripted.serve(AFTER);
      await pullOnce(deps, connection, window);
      wake();
      const ended = await ending;
      if (ended instanceof Error && !(ended instanceof SyncFailure)) throw ended;
      await expectMoved(connection, at);
      if (!slept) return;
    }
  });

  test('a record that cannot be read is kept aside once, and keeps nothing else from being stored', async () => {
    const broken = { ...egv(`${FRESH}`, MIDNIGHT, 100), systemTime: 'yesterday' };
    const connection = await pulled([...BEFORE, broken]);
    expect(await pullOnce(deps, connection, window)).toMatchObject({ quarantined: 0, readings: BEFORE.length });
    const [kept, ...more] = await deps.quarantine.page(connection.teamId, connection._id, null, 10);
    expect(more).toEqual([]);
    expect(JSON.parse(kept?.raw ?? '')).toEqual(broken);
    expect(kept?.reason).toMatch(/systemTime/);
  });
});
