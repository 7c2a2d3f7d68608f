import { randomUUID } from 'node:crypto';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { deviceIdOf } from '../../src/storage/devices';
import { dayIds } from '../../src/storage/glucoseDays';
import { pull } from '../../src/sync/pull';
import { gatedDb } from './gatedDb';
import { addLate, correct, unreadHistory, untoldNews } from './pullStories';
import { failureOf, type Person, policy, pullOnce, type SyncWorld, syncWorld } from './syncWorld';
import { messagesOfType, storedReadings, toldReadings } from './told';
import { INNOCENT, verdict } from './verdict';

const HOUR_MS = 3_600_000;

describe('a pull', () => {
  let world: SyncWorld;
  let person: Person;

  beforeAll(async () => {
    world = await syncWorld({ historyDays: 70, delay: '0s' });
    person = await world.consent(world.simulator.person);
  });
  afterAll(() => world.close());

  test('stores what Dexcom serves, value by value, and tells it; pulled again it writes and tells nothing', async () => {
    const { connection, window } = await untoldNews(world, person, 30);
    const ledger = await world.simulator.control.readings(person.id, { from: window.from, to: window.to });
    const newestAt = ledger.at(-1)?.measuredAt;

    expect(await pullOnce(world.deps, connection, window)).toMatchObject({
      created: ledger.length,
      updated: 0,
      readings: ledger.length,
      newestAt,
    });
    expect(await verdict(world, person, connection, window)).toEqual(INNOCENT);
    const days = await world.database.db.collection('glucose_days').find({ connectionId: connection._id }).toArray();

    expect(await pullOnce(world.deps, connection, window)).toMatchObject({ created: 0, updated: 0, readings: ledger.length, newestAt });
    expect(await world.database.db.collection('glucose_days').find({ connectionId: connection._id }).toArray()).toEqual(days);
    expect(await verdict(world, person, connection, window)).toEqual(INNOCENT);
    expect(await world.connectionNow(connection)).toMatchObject({
      readings: ledger.length,
      newestReadingAt: newestAt,
      coveredUntil: window.to,
      open: [],
      failures: 0,
      lastError: null,
    });
  });

  test('keeps each device that measured a reading, once', async () => {
    const { connection, window } = await untoldNews(world, person, 4);
    await pullOnce(world.deps, connection, window);
    await pullOnce(world.depsOver(world.database.db), connection, window);
    const devices = await world.deps.devices.ofUser(connection.teamId, connection.userId);
    const days = await world.deps.glucoseDays.read(connection.teamId, dayIds(connection._id, window));
    const measured = days.flatMap(({ readings }) => readings.map(({ device }) => deviceIdOf(connection._id, device)));
    expect(devices.map(({ _id }) => _id).sort()).toEqual([...new Set(measured)].sort());
    expect(devices.length).toBeGreaterThan(0);
  });

  test('without news costs 7 database operations; with news of one day 4 more and one per message', async () => {
    const { connection, window } = await untoldNews(world, person, 1);
    await pullOnce(world.deps, connection, window);
    const operations: string[] = [];
    const counted = gatedDb(world.database.db, async (_, name) => {
      operations.push(name);
    });
    const deps = world.depsOver(counted);
    const pullCounted = async () => {
      operations.length = 0;
      await pullOnce(deps, connection, { ...window, to: Date.now() });
      return [...operations];
    };

    // The first time a process meets a device it looks whether it is kept.
    expect(await pullCounted()).toHaveLength(7 + 1);
    const idle = await pullCounted();
    expect(idle).toHaveLength(7);
    expect(idle.filter((name) => /insert|update|replace/i.test(name))).toEqual(['connections.findOneAndUpdate', 'connections.updateOne']);
    await addLate(world, person, window.from, 99);
    expect(await pullCounted()).toHaveLength(7 + 4 + 1);
  });

  test('of a correction and a late reading tells one update and one creation, each with its value', async () => {
    const { connection, window } = await untoldNews(world, person, 4);
    await pullOnce(world.deps, connection, window);
    await correct(world, person, window.from);
    expect(await pullOnce(world.deps, connection, window)).toMatchObject({ created: 1, updated: 1 });
    expect(await verdict(world, person, connection, window)).toEqual(INNOCENT);
  });

  test('reads history newest window first, silently, and says once that it is complete when the last window is done', async () => {
    const { connection, window } = await unreadHistory(world, person, 65 * 24);
    const month = policy.longestWindowMs;
    const windows = [window.to, window.to - month, window.to - 2 * month].map((to) => ({
      purpose: 'backfill' as const,
      from: Math.max(window.from, to - month),
      to,
    }));
    for (const [n, one] of windows.entries()) {
      expect(await messagesOfType(world, connection, 'historical.data.glucose.created')).toBe(0);
      await pullOnce(world.deps, connection, one);
      const { backfill, readings } = await world.connectionNow(connection);
      expect(backfill).toMatchObject({ windowsDone: n + 1, windowsTotal: 3, doneBackTo: one.from, readings });
    }
    expect(await messagesOfType(world, connection, 'historical.data.glucose.created')).toBe(1);
    expect((await world.connectionNow(connection)).backfill.endedAt).not.toBeNull();
    expect(await toldReadings(world, connection)).toEqual([]);
    expect(await verdict(world, person, connection, window)).toEqual(INNOCENT);
  });

  test('of a window done before counts nothing twice', async () => {
    const { connection, window } = await unreadHistory(world, person, 20);
    await pullOnce(world.deps, connection, window);
    const { backfill, readings } = await world.connectionNow(connection);
    await pullOnce(world.deps, connection, window);
    expect(await world.connectionNow(connection)).toMatchObject({ backfill, readings });
  });

  test('a live pull asked to reach below what the backfill has read announces no history', async () => {
    const { connection, window } = await unreadHistory(world, person, 20);
    await pullOnce(world.deps, connection, { ...window, purpose: 'live' });
    expect(await storedReadings(world, connection)).toEqual([]);
    expect(await toldReadings(world, connection)).toEqual([]);
  });

  test('what may be the end of an upload further back than live pulls read makes a deep sweep due; ordinary news does not', async () => {
    const { connection, window } = await untoldNews(world, person, 4);
    const { newestAt } = await pullOnce(world.deps, connection, { ...window, to: window.to - HOUR_MS });
    const pullAgain = async () => {
      const before = Date.now();
      const { nextDeepSweepAt = Infinity } = await pullOnce(world.deps, connection, { ...window, to: Date.now() });
      expect((await world.connectionNow(connection)).nextDeepSweepAt).toBe(nextDeepSweepAt);
      return nextDeepSweepAt >= before && nextDeepSweepAt <= Date.now();
    };
    expect(await pullAgain()).toBe(false);

    const longAgo = (newestAt ?? 0) - policy.overlapMs;
    await world.database.db
      .collection<ConnectionDoc>('connections')
      .updateOne({ _id: connection._id }, { $set: { 'freshness.newestAt': longAgo } });
    expect(await pullAgain()).toBe(true);
  });

  test('what was uploaded after more than thirty days of silence is read again from its beginning on', async () => {
    const { connection, window } = await untoldNews(world, person, 45 * 24);
    const silentSince = window.from + HOUR_MS;
    await world.database.db
      .collection<ConnectionDoc>('connections')
      .updateOne(
        { _id: connection._id },
        { $set: { coveredUntil: window.to - HOUR_MS, 'freshness.newestAt': silentSince, 'freshness.lookedAt': window.to - HOUR_MS } },
      );
    const seen = await pullOnce(world.deps, connection, { purpose: 'live', from: window.to - policy.overlapMs, to: window.to });
    expect(seen.coveredUntil).toBe(silentSince);
    expect(seen.nextPollAt).toBeLessThanOrEqual(Date.now());
    expect(await world.connectionNow(connection)).toMatchObject({ coveredUntil: silentSince, nextPollAt: seen.nextPollAt });

    const to = silentSince + HOUR_MS;
    expect(await pullOnce(world.deps, connection, { ...window, to })).toMatchObject({ coveredUntil: to });
    const { late } = (await world.connectionNow(connection)).freshness;
    expect(late).toMatchObject({ since: silentSince });
    expect(await verdict(world, person, connection, { from: window.from, to })).toEqual(INNOCENT);

    // A day later, once.
    const due = { 'freshness.late.againAt': 0, coveredUntil: window.to };
    await world.database.db.collection<ConnectionDoc>('connections').updateOne({ _id: connection._id }, { $set: due });
    const lately = { purpose: 'live', from: window.to - policy.overlapMs, to: window.to } as const;
    expect(await pullOnce(world.deps, connection, lately)).toMatchObject({ coveredUntil: silentSince });
    expect((await world.connectionNow(connection)).freshness.late).toBeUndefined();
    await world.database.db
      .collection<ConnectionDoc>('connections')
      .updateOne({ _id: connection._id }, { $set: { coveredUntil: window.to } });
    expect((await pullOnce(world.deps, connection, lately)).coveredUntil).toBeGreaterThan(silentSince);
  });

  test('late uploads into history that has been read are news', async () => {
    const { connection, window } = await unreadHistory(world, person, 20);
    await pullOnce(world.deps, connection, window);
    await addLate(world, person, window.from + 7 * HOUR_MS, 101);
    expect(await pullOnce(world.deps, connection, { ...window, purpose: 'sweep' })).toMatchObject({ created: 1 });
    expect(await toldReadings(world, connection)).toMatchObject([{ change: 'created', mgPerDl: 101 }]);
  });

  test('cancelled among its writes stops there, and the next pull finishes', async () => {
    const { connection, window } = await untoldNews(world, person, 12 * 24);
    // Days that are there are not all written in one turn.
    await world.deps.glucoseDays.fence(connection, dayIds(connection._id, window), 0);
    const cancelling = new AbortController();
    const cancelled = gatedDb(world.database.db, async (_, name) => {
      if (name === 'glucose_days.replaceOne') cancelling.abort(new Error('cancelled'));
    });
    const request = { connectionId: connection._id, policy, signal: cancelling.signal, ...window };
    await expect(pull(world.depsOver(cancelled), request)).rejects.toThrow('cancelled');
    const { length } = await world.deps.glucoseDays.unpublishedOf(connection);
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(12);
    await pullOnce(world.deps, connection, window);
    expect(await verdict(world, person, connection, window)).toEqual(INNOCENT);
  });

  test('ten at once tell everything once', async () => {
    const { connection, window } = await untoldNews(world, person, 30);
    const ended = await Promise.all(Array.from({ length: 10 }, () => failureOf(pullOnce(world.deps, connection, window))));
    expect(ended.filter((failure) => failure !== null && failure !== 'Superseded')).toEqual([]);
    await pullOnce(world.deps, connection, window);
    expect(await verdict(world, person, connection, window)).toEqual(INNOCENT);
  });

  test('of a connection that is not there says so', async () => {
    const request = { connectionId: randomUUID(), purpose: 'live', from: 0, to: 1, policy, signal: new AbortController().signal } as const;
    expect(await failureOf(pull(world.deps, request))).toBe('NotWanted');
  });
});
