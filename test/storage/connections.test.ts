import { newConnection } from '../../src/connect/newConnection';
import { LONGEST_WINDOW_MS } from '../../src/freshness/policy';
import { ConnectionPulls } from '../../src/storage/connectionPulls';
import { Connections } from '../../src/storage/connections';
import type { Database } from '../../src/storage/database';
import { DueConnections } from '../../src/storage/dueConnections';
import { freshDatabase } from './freshDatabase';
import { sampleConnection } from './sampleConnection';

const DAY_MS = 86_400_000;
const CLOSING = { now: 2_000, readings: 3, newestReadingAt: 1_900 };

describe('connections', () => {
  let database: Database;
  let connections: Connections;
  let pulls: ConnectionPulls;
  let due: DueConnections;

  beforeAll(async () => {
    database = await freshDatabase();
    connections = new Connections(database.db);
    pulls = new ConnectionPulls(database.db);
    due = new DueConnections(database.db);
  });
  afterAll(() => database.close());

  const stored = async (change = {}) => connections.ensure(sampleConnection(change));
  const read = async (id: string) => {
    const found = await connections.load(id);
    if (!found) throw new Error('not stored');
    return found;
  };

  test('a consent met by several at once makes one connection, and meeting it again changes nothing', async () => {
    const fresh = sampleConnection();
    await Promise.all(Array.from({ length: 10 }, () => connections.ensure(fresh)));
    await pulls.begin(fresh._id, { from: 0, to: 1 });
    expect(await connections.ensure(fresh)).toMatchObject({ pullSeq: 1, open: [{ from: 0, to: 1 }] });
  });

  test('a younger consent starts a disconnected connection again and keeps what it has', async () => {
    const first = await stored({ coveredUntil: 77 });
    await connections.setDesired(first.teamId, first._id, 'disconnected');
    const again = await connections.ensure({ ...first, consentedAt: first.consentedAt + 1, coveredUntil: 99, liveFrom: 99 });
    expect(again).toMatchObject({
      desired: 'running',
      consentedAt: first.consentedAt + 1,
      coveredUntil: 77,
      liveFrom: first.liveFrom,
    });
  });

  test('an old consent that is repaired late does not undo a disconnect', async () => {
    const first = await stored();
    await connections.setDesired(first.teamId, first._id, 'disconnected');
    expect(await connections.ensure(first)).toMatchObject({ desired: 'disconnected' });
  });

  test.each(['running', 'paused'] as const)('a late wish for %s does not bring a disconnected connection back', async (desired) => {
    const { teamId, _id } = await stored();
    expect(await connections.setDesired(teamId, _id, 'disconnected')).toBe(true);
    expect(await connections.setDesired(teamId, _id, desired)).toBe(false);
    expect(await read(_id)).toMatchObject({ desired: 'disconnected' });
  });

  test('another team finds, changes and pulls nothing', async () => {
    const connection = await stored();
    expect(await connections.byId('other-team', connection._id)).toBeNull();
    expect(await connections.setDesired('other-team', connection._id, 'disconnected')).toBe(false);
    expect(await pulls.end({ ...connection, teamId: 'other-team' }, 0, CLOSING)).toBe(false);
    expect(await pulls.advance({ ...connection, teamId: 'other-team' }, 0, CLOSING)).toBe(false);
    expect(await read(connection._id)).toEqual(connection);
  });

  test('pulls that begin at once get different numbers and leave all their windows open', async () => {
    const { _id } = await stored();
    const begun = await Promise.all(Array.from({ length: 20 }, (_, from) => pulls.begin(_id, { from, to: from + 1 })));
    expect(new Set(begun.map((pull) => pull?.pullSeq)).size).toBe(20);
    for (const pull of begun) expect(pull?.connection.open).toHaveLength((pull?.pullSeq ?? 0) - 1);
    expect((await read(_id)).open).toHaveLength(20);
  });

  test.each(['paused', 'disconnected'] as const)('no pull begins on a %s connection', async (desired) => {
    const { teamId, _id } = await stored();
    await connections.setDesired(teamId, _id, desired);
    expect(await pulls.begin(_id, { from: 0, to: 1 })).toBeNull();
    expect(await read(_id)).toMatchObject({ pullSeq: 0, open: [] });
  });

  test('only the latest pull closes: an older one that wakes up ends nothing and moves nothing', async () => {
    const connection = await stored();
    await pulls.begin(connection._id, { from: 0, to: 1 });
    await pulls.begin(connection._id, { from: 1, to: 2 });
    expect(await pulls.end(connection, 1, CLOSING)).toBe(false);
    expect(await read(connection._id)).toMatchObject({ open: [{ from: 0 }, { from: 1 }], readings: 0, lastSuccessAt: null });
    expect(await pulls.end(connection, 2, CLOSING)).toBe(true);
    expect(await read(connection._id)).toMatchObject({ open: [], readings: 3, lastSuccessAt: 2_000, newestReadingAt: 1_900 });
  });

  test('a pull that goes on keeps what it has done and leaves its window open; one that was overtaken keeps nothing', async () => {
    const connection = await stored();
    await pulls.begin(connection._id, { from: 0, to: 1 });
    expect(await pulls.advance(connection, 1, CLOSING)).toBe(true);
    expect(await read(connection._id)).toMatchObject({ open: [{ from: 0, to: 1 }], readings: 3, lastSuccessAt: 2_000 });
    await pulls.begin(connection._id, { from: 0, to: 1 });
    expect(await pulls.advance(connection, 1, { ...CLOSING, readings: 9 })).toBe(false);
    expect(await read(connection._id)).toMatchObject({ readings: 3 });
  });

  test('a pull that withdraws leaves open what it found open, and nothing of its own', async () => {
    const { _id } = await stored();
    await pulls.begin(_id, { from: 0, to: 1 });
    const second = await pulls.begin(_id, { from: 1, to: 2 });
    if (second) await pulls.withdraw(second);
    expect((await read(_id)).open).toEqual([{ from: 0, to: 1 }]);
  });

  test('history that is read leaves the failures of live pulls standing; a live pull that succeeds ends them, and the error where it says so', async () => {
    const connection = await stored();
    const { _id, backfill, coveredUntil, freshness, nextPollAt, nextSweepAt, nextDeepSweepAt } = connection;
    await pulls.begin(_id, { from: 0, to: 1 });
    const lastError = { type: 'DexcomUnavailable', message: 'no answer', at: 1_000 };
    await pulls.noteFailure(_id, { lastError, failures: 3, nextPollAt });

    await pulls.advance(connection, 1, { ...CLOSING, backfill });
    await pulls.end(connection, 1, { ...CLOSING, backfill });
    expect(await read(_id)).toMatchObject({ lastError, failures: 3, historyError: null, lastSuccessAt: CLOSING.now });
    const live = { coveredUntil, freshness, nextPollAt, nextSweepAt, nextDeepSweepAt };
    await pulls.end(connection, 1, { ...CLOSING, live });
    expect(await read(_id)).toMatchObject({ lastError, failures: 0 });
    await pulls.end(connection, 1, { ...CLOSING, live: { ...live, lastError: null } });
    expect(await read(_id)).toMatchObject({ lastError: null, failures: 0 });
  });

  test('reading older history does not make the newest reading older', async () => {
    const connection = await stored({ newestReadingAt: 5_000 });
    await pulls.begin(connection._id, { from: 0, to: 1 });
    await pulls.end(connection, 1, CLOSING);
    expect(await read(connection._id)).toMatchObject({ newestReadingAt: 5_000 });
  });

  test('overdue connections come longest overdue first, those paused or ended not at all', async () => {
    const teamId = 'overdue-team';
    const [late, later, paused, next] = await Promise.all([
      stored({ teamId, nextPollAt: 20 }),
      stored({ teamId, nextPollAt: 10 }),
      stored({ teamId, nextPollAt: 5 }),
      stored({ teamId, nextPollAt: 1_000 }),
    ]);
    await connections.setDesired(teamId, paused._id, 'paused');
    expect((await due.overdue(1_000, 10)).map(({ _id }) => _id)).toEqual([later._id, late._id]);
    expect((await due.overdue(1_001, 10)).map(({ _id }) => _id)).toContain(next._id);
  });
});

describe('a new connection', () => {
  const consentedAt = 100 * DAY_MS;
  const withOffer = (offeredFrom: number | null) => newConnection({ ...sampleConnection(), consentedAt, offeredFrom });

  test.each([
    ['what Dexcom offers', 30 * DAY_MS, { floor: 30 * DAY_MS, windowsTotal: 3 }],
    ['a first reading of this minute', consentedAt - 1, { floor: consentedAt - 1_000, windowsTotal: 1 }],
    ['nothing to read yet', null, { floor: consentedAt - LONGEST_WINDOW_MS, windowsTotal: 1 }],
    ['a first reading after the consent', consentedAt + 1, { floor: consentedAt - LONGEST_WINDOW_MS, windowsTotal: 1 }],
  ])('has at least one window of history: %s', (_, offeredFrom, expected) => {
    expect(withOffer(offeredFrom).backfill).toMatchObject({ ...expected, ceiling: consentedAt, doneBackTo: consentedAt });
  });
});
