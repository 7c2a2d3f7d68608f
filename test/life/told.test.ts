import type { ReconcileDeps } from '../../src/reconcile/deps';
import { reconcilePolicyFor } from '../../src/reconcile/policy';
import { tellExpiring } from '../../src/reconcile/tellExpiring';
import { tellSilent } from '../../src/reconcile/tellSilent';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { DueConnections } from '../../src/storage/dueConnections';
import { tellReauth } from '../../src/sync/tellReauth';
import { sampleConnection } from '../storage/sampleConnection';
import { gatedDb } from '../sync/gatedDb';
import { atEveryStep, createStrikes } from '../sync/strikes';
import { grantFor, type Person, pullOnce, type SyncWorld, sparsePerson, syncWorld } from '../sync/syncWorld';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let world: SyncWorld;
let person: Person;
const { pass, strike } = createStrikes();
let struck: Pick<ReconcileDeps, 'due' | 'grants' | 'glucoseDays' | 'messages' | 'endpoints' | 'policy'>;

beforeAll(async () => {
  world = await syncWorld({ historyDays: 1, delay: '0s' });
  person = await sparsePerson(world);
  const db = gatedDb(world.database.db, pass);
  struck = { ...world.depsOver(db), due: new DueConnections(db), policy: reconcilePolicyFor(300_000) };
});
afterAll(() => world?.close());

async function told(connection: ConnectionDoc) {
  const { _id: connectionId, teamId, userId } = connection;
  const messages = await world.database.db
    .collection<{ body: string }>('messages')
    .find({ teamId, userId, connectionId, type: { $regex: '^provider' } })
    .sort({ createdAt: 1 })
    .toArray();
  return messages.map(({ body }): { event_type: string; data: Record<string, unknown> } => JSON.parse(body));
}

const kinds = async (connection: ConnectionDoc) =>
  (await told(connection)).map(({ event_type }) => event_type.replace('provider.connection.', ''));

const pullLive = (connection: ConnectionDoc) => {
  const now = Date.now();
  return pullOnce(world.deps, connection, { purpose: 'live', from: now - DAY_MS, to: now });
};

/** Connected and polled, its newest reading having come hours ago, by its own books. */
async function silent(change: object = {}): Promise<ConnectionDoc> {
  const connection = await world.connect(person, { consentedAt: Date.now() - 2 * DAY_MS });
  await pullLive(connection);
  const ago = Date.now() - 9 * HOUR_MS;
  const books = world.database.db.collection<{ _id: string }>('connections');
  await books.updateOne({ _id: connection._id }, { $set: { 'freshness.seenAt': ago, 'freshness.newestAt': Date.now(), ...change } });
  await pullLive(connection);
  return connection;
}

const addReading = (mgPerDl: number) =>
  world.simulator.control.addReading(person.id, { measuredAt: Date.now(), mgPerDl, visibleAt: Date.now() });

describe('a silence longer than the habit', () => {
  test('is told once, with its likely cause, however often it is met; and once that it is over', async () => {
    const connection = await silent();
    expect(await kinds(connection)).toEqual([]);
    expect(await tellSilent(struck)).toBe(1);
    expect(await tellSilent(struck)).toBe(0);
    await pullLive(connection);
    expect(await tellSilent(struck)).toBe(0);
    expect(await told(connection)).toMatchObject([
      { event_type: 'provider.connection.stale', data: { state: 'connected', cause: 'nothing_uploaded', connection_id: connection._id } },
    ]);

    await addReading(111);
    await pullLive(connection);
    await pullLive(connection);
    expect(await kinds(connection)).toEqual(['stale', 'recovered']);
    expect((await told(connection))[1]).toMatchObject({ data: { state: 'connected', after: 'silence' } });
    expect(await world.connectionNow(connection)).toMatchObject({ silence: null, staleAt: expect.any(Number) });
  });

  test('is told once, and once that it is over, wherever those who tell it die', async () => {
    const steps = await atEveryStep(async (step) => {
      const connection = await silent();
      const revive = strike(step);
      await tellSilent(struck).catch(() => undefined);
      const died = revive();

      const { silence } = await world.connectionNow(connection);
      if (silence) {
        // Nobody has told it yet, and it is over already.
        await addReading(100 + step);
        await pullLive(connection);
        expect(await kinds(connection)).toEqual(['stale', 'recovered']);
      }
      await tellSilent(struck);
      expect((await kinds(connection)).filter((kind) => kind === 'stale')).toHaveLength(1);
      await world.deps.connections.setDesired(connection.teamId, connection._id, 'disconnected');
      return died;
    });
    expect(steps).toBeGreaterThan(4);
  }, 120_000);

  test('is Dexcom’s where Dexcom does not answer', async () => {
    const connection = await silent({ staleAt: 1 });
    const at = Date.now();
    const lastError = { type: 'DexcomUnavailable', message: 'HTTP 503', at };
    await world.deps.pulls.noteFailure(connection._id, { lastError, failures: 1, nextPollAt: at });
    await tellSilent(struck);
    expect(await told(connection)).toMatchObject([{ data: { cause: 'dexcom_down', state: 'error', reason: 'DexcomUnavailable' } }]);
  });

  test('is not told while nobody has looked, nor of a connection that needs its person', async () => {
    const unasked = await silent();
    const books = world.database.db.collection<{ _id: string }>('connections');
    await books.updateOne({ _id: unasked._id }, { $set: { 'freshness.lookedAt': 1 } });
    const failedBefore = await silent();
    const lastError = { type: 'DexcomUnavailable', message: 'HTTP 503', at: 1 };
    await books.updateOne({ _id: failedBefore._id }, { $set: { 'freshness.lookedAt': 1, lastError } });
    const refused = await silent();
    await books.updateOne({ _id: refused._id }, { $set: { 'freshness.lookedAt': 1 } });
    await world.deps.grants.markNeedsReauth(await world.grantOf(refused), 'revoked', 1);
    expect(await tellSilent(struck)).toBe(0);
    expect([await kinds(unasked), await kinds(failedBefore), await kinds(refused)]).toEqual([[], [], []]);
    // Nor is it looked at again until something comes.
    expect((await world.connectionNow(refused)).staleAt).toBeNull();
  });
});

describe('an error that was told', () => {
  test('is told as over once, when another grant works without a new consent; a last access token is no such thing', async () => {
    const connection = await world.connect(person);
    const grant = await world.grantOf(connection);
    await tellReauth(world.deps, connection, grant, 'revoked');
    await pullLive(connection);
    expect(await kinds(connection)).toEqual(['error']);

    await world.deps.grants.store(grant, grant);
    await pullLive(connection);
    await pullLive(connection);
    expect(await kinds(connection)).toEqual(['error', 'recovered']);
    expect((await told(connection))[1]).toMatchObject({ data: { after: 'error', state: 'connected' } });
  });

  test('is told by introspection too while a last access token still works, until another grant does', async () => {
    const connection = await world.connect(person);
    const grant = await world.grantOf(connection);
    await tellReauth(world.deps, connection, grant, 'rotation_lost');
    const at = Date.now();
    const lastError = { type: 'rotation_lost', message: 'the grant needs a new consent', at } as const;
    await world.deps.pulls.noteFailure(connection._id, { lastError, failures: 0, nextPollAt: at });
    await pullLive(connection);
    expect(await world.connectionNow(connection)).toMatchObject({ lastError, errorSince: at, lastPollAt: expect.any(Number) });

    await world.deps.grants.store(grant, grant);
    await pullLive(connection);
    expect(await world.connectionNow(connection)).toMatchObject({ lastError: null, toldError: null, connectedSince: expect.any(Number) });
  });

  test('hides no other error, which ends with the next pull', async () => {
    const connection = await world.connect(person);
    await tellReauth(world.deps, connection, await world.grantOf(connection), 'revoked');
    const lastError = { type: 'DexcomUnavailable', message: 'HTTP 503', at: Date.now() } as const;
    await world.deps.pulls.noteFailure(connection._id, { lastError, failures: 1, nextPollAt: lastError.at });
    await pullLive(connection);
    expect(await world.connectionNow(connection)).toMatchObject({ lastError: null, failures: 0 });
  });

  test('is not told as over after a new consent, which says so itself', async () => {
    const connection = await world.connect(person);
    await tellReauth(world.deps, connection, await world.grantOf(connection), 'revoked');
    const again = { ...connection, consentedAt: connection.consentedAt + 1 };
    await world.deps.grants.settle(grantFor(again, person.tokens));
    await world.deps.connections.ensure(again);
    await pullLive(connection);
    expect(await kinds(connection)).toEqual(['error']);
  });
});

describe('the end of a consent', () => {
  const stored = async (daysAgo: number, desired: 'running' | 'paused') => {
    const consentedAt = Date.now() - daysAgo * DAY_MS;
    const connection = sampleConnection({ consentedAt, desired, tellExpiryAt: consentedAt + 335 * DAY_MS });
    await world.deps.grants.settle(grantFor(connection, person.tokens));
    return world.deps.connections.ensure(connection);
  };

  test.each([
    [334, 'running', []],
    [336, 'running', [30]],
    [336, 'paused', [30]],
    [359, 'running', [7]],
    [366, 'running', []],
  ] as const)('is told %s days after it, once', async (daysAgo, desired, days) => {
    const connection = await stored(daysAgo, desired);
    for (let n = 0; n < 2; n++) await tellExpiring(struck);
    expect((await told(connection)).map(({ data }) => data.days_left)).toEqual(days);
  });

  test('is told once wherever those who tell it die, and of a younger consent anew', async () => {
    const steps = await atEveryStep(async (step) => {
      const connection = await stored(336, 'running');
      const revive = strike(step);
      await tellExpiring(struck).catch(() => undefined);
      const died = revive();
      await tellExpiring(struck);
      expect(await kinds(connection)).toEqual(['expiring']);
      return died;
    });
    expect(steps).toBeGreaterThan(3);
  });
});
