import type { Db } from 'mongodb';
import { endIngestion } from '../../src/reconcile/endIngestion';
import { reconcilePolicyFor } from '../../src/reconcile/policy';
import type { ConnectionDoc, Consented, IngestionBounds } from '../../src/storage/connectionDoc';
import { Connections } from '../../src/storage/connections';
import { DueConnections } from '../../src/storage/dueConnections';
import { Grants } from '../../src/storage/grants';
import { boundsOf } from '../../src/users/bounds';
import type { UserServices } from '../../src/users/userServices';
import { startOfDay } from '../../src/users/zonedDay';
import { nextStep } from '../../src/workflows/nextStep';
import { afterPull } from '../../src/workflows/outcome';
import type { SyncState } from '../../src/workflows/syncState';
import { type ApiWorld, type App, openApiWorld } from '../api/apiWorld';
import { sampleConnection } from '../storage/sampleConnection';
import { untoldNews } from '../sync/pullStories';
import { grantFor, type Person, policy, pullOnce, type SyncWorld, syncWorld } from '../sync/syncWorld';
import { storedReadings, toldReadings } from '../sync/told';
import { INNOCENT, verdict } from '../sync/verdict';
import { idle } from '../workflows/states';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('a day of a zone', () => {
  test.each([
    ['2026-11-22', 'UTC', '2026-11-22T00:00:00.000Z'],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z'],
    ['2026-11-02', 'America/New_York', '2026-11-02T05:00:00.000Z'],
    ['2026-01-01', 'Pacific/Kiritimati', '2025-12-31T10:00:00.000Z'],
    // Clocks went from 23:59:59 to 01:00:00: the day has no midnight.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    // There was no such day: it begins with the next one.
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s in %s begins at %s', (day, zone, instant) => {
    expect(new Date(startOfDay(day, zone)).toISOString()).toBe(instant);
  });

  test('both days of the bounds are whole ones of the user’s zone, and of UTC without one', () => {
    const days = { ingestionStart: '2026-06-01', ingestionEnd: '2026-06-01' };
    expect(boundsOf({ ...days, fallbackTimeZone: 'Europe/Berlin' })).toEqual({
      from: Date.parse('2026-05-31T22:00:00Z'),
      to: Date.parse('2026-06-01T22:00:00Z'),
    });
    expect(boundsOf({ ...days, fallbackTimeZone: null })).toEqual({
      from: Date.parse('2026-06-01T00:00:00Z'),
      to: Date.parse('2026-06-02T00:00:00Z'),
    });
    expect(boundsOf({ ingestionStart: null, ingestionEnd: null, fallbackTimeZone: 'UTC' })).toEqual({ from: null, to: null });
  });
});

describe('a pull', () => {
  let world: SyncWorld;
  let person: Person;

  beforeAll(async () => {
    world = await syncWorld({ historyDays: 3, delay: '0s' });
    person = await world.consent(world.simulator.person);
  });
  afterAll(() => world?.close());

  const said = ({ teamId, userId: _id }: ConnectionDoc, bounds: IngestionBounds, userRev = 2) =>
    world.deps.connections.follow({ teamId, _id }, { clientUserId: 'x', bounds, userRev });

  test('stores and tells what lies within the bounds, and leaves what lies after them uncovered', async () => {
    const { connection, window } = await untoldNews(world, person, 30);
    const bounds = { from: window.from + 6 * HOUR_MS, to: window.from + 20 * HOUR_MS };
    await said(connection, bounds);

    const ledger = await world.simulator.control.readings(person.id, { from: bounds.from, to: bounds.to });
    expect(await pullOnce(world.deps, connection, window)).toMatchObject({ created: ledger.length });
    const stored = await storedReadings(world, connection);
    expect(stored.map(({ at }) => at).sort()).toEqual(ledger.map(({ measuredAt }) => measuredAt).sort());
    expect(await toldReadings(world, connection)).toHaveLength(ledger.length);
    expect(await world.connectionNow(connection)).toMatchObject({ coveredUntil: bounds.to, readings: ledger.length });
  });

  test('after the end says how far it has read, so that the next one reads all that was left out once the end is gone', async () => {
    const { connection, window } = await untoldNews(world, person, 30);
    const end = window.from + 2 * HOUR_MS;
    await said(connection, { from: null, to: end });
    const live = { ...idle.live, liveFrom: window.from, coveredUntil: window.from, nextSweepAt: Infinity, nextDeepSweepAt: Infinity };
    const token = { ...idle.token, expiresAt: Infinity, refreshAt: Infinity };
    const short = { ...policy, overlapMs: HOUR_MS };
    const poll = ({ live: known }: SyncState) => {
      const step = nextStep({ ...idle, backfill: null, token, live: { ...known, nextPollAt: 0 } }, window.to, short);
      if (step.kind !== 'pull') throw new Error(`expected a pull, got ${step.kind}`);
      return step;
    };
    let state: SyncState = { ...idle, live };
    for (let n = 0; n < 2; n++) {
      const step = poll(state);
      state = afterPull(state, step, await pullOnce(world.deps, connection, step), window.to, short);
    }
    expect(state.live.coveredUntil).toBe(end);

    await said(connection, { from: null, to: null }, 3);
    await pullOnce(world.deps, connection, poll(state));
    expect(await verdict(world, person, connection, window)).toEqual(INNOCENT);
  });

  test('of an earlier end never makes what was read unread', async () => {
    const { connection, window } = await untoldNews(world, person, 30);
    await pullOnce(world.deps, connection, window);
    await said(connection, { from: null, to: window.from + HOUR_MS });
    expect(await pullOnce(world.deps, connection, window)).toMatchObject({ coveredUntil: window.to });
    expect(await world.connectionNow(connection)).toMatchObject({ coveredUntil: window.to });
  });

  test('asks Dexcom nothing where nothing is taken', async () => {
    const { connection, window } = await untoldNews(world, person, 30);
    await said(connection, { from: window.to, to: null });
    await world.simulator.control.addFault({ endpoints: ['egvs'], kind: 'status', status: 500, times: null });
    try {
      expect(await pullOnce(world.deps, connection, window)).toMatchObject({ created: 0, readings: 0 });
    } finally {
      await world.simulator.control.clearFaults();
    }
  });
});

describe('a user’s ingestion', () => {
  let world: ApiWorld;
  let app: App;

  beforeAll(async () => {
    world = await openApiWorld();
    app = await world.newApp();
  });
  afterAll(() => world?.close());

  const dayFromNow = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
  const reconcile = (change: Partial<UserServices> = {}, pageSize = 100) => {
    const people = { ...world.services, ...change };
    return endIngestion({ due: new DueConnections(world.db), people, policy: { ...reconcilePolicyFor(1_000), pageSize } });
  };
  const connected = async () => {
    const userId = await app.newUser();
    const { _id, ...made } = await world.services.connections.ensure(sampleConnection({ teamId: app.teamId, userId }));
    const now = Date.now();
    const tokens = { accessToken: 'a', refreshToken: 'r', issuedAt: now, expiresAt: now + HOUR_MS };
    await world.services.grants.settle(grantFor({ _id, ...made }, tokens));
    return { _id, userId, now: async () => world.services.connections.byId(app.teamId, _id) };
  };
  const patch = async (userId: string, body: object) => expect((await app.call('PATCH', `/v2/user/${userId}`, { body })).status).toBe(204);
  const statuses = async (userId: string) => {
    const { body } = await app.call('GET', `/v2/user/providers/${userId}`);
    return body.providers.map(({ status }: { status: string }) => status);
  };

  test('that is changed holds for the connections there are; a zone moves its days', async () => {
    const { userId, now } = await connected();
    await patch(userId, { ingestion_start: '2026-06-01', ingestion_end: '2199-01-01' });
    expect((await now())?.bounds).toEqual({ from: Date.parse('2026-06-01'), to: Date.parse('2199-01-02') });
    await patch(userId, { fallback_time_zone: 'Asia/Tokyo', ingestion_end: null });
    expect((await now())?.bounds).toEqual({ from: Date.parse('2026-05-31T15:00:00Z'), to: null });
  });

  test('that begins earlier has what was left out read, and nothing else, once', async () => {
    const { userId, now } = await connected();
    const offeredFrom = Date.now() - 300 * DAY_MS;
    await patch(userId, { ingestion_start: dayFromNow(-30) });
    const { _id, history } = (await now()) ?? {};
    const ended = { floor: Date.parse(dayFromNow(-30)), doneBackTo: Date.parse(dayFromNow(-30)), endedAt: Date.now() };
    await world.db.collection<{ _id: string }>('connections').updateOne(
      { _id: _id ?? '' },
      {
        $set: {
          history: { ...history, offeredFrom },
          'backfill.floor': ended.floor,
          'backfill.doneBackTo': ended.doneBackTo,
          'backfill.endedAt': ended.endedAt,
        },
      },
    );

    await patch(userId, { ingestion_start: dayFromNow(-20) });
    expect((await now())?.backfill.endedAt).toBe(ended.endedAt);
    await patch(userId, { ingestion_start: dayFromNow(-100) });
    const part = { floor: Date.parse(dayFromNow(-100)), ceiling: Date.parse(dayFromNow(-20)), doneBackTo: Date.parse(dayFromNow(-20)) };
    expect((await now())?.backfill).toMatchObject({ ...part, endedAt: null });

    // Under way: the rest is read with it.
    await patch(userId, { ingestion_start: null });
    expect((await now())?.backfill).toMatchObject({ floor: offeredFrom, ceiling: Date.parse(dayFromNow(-20)), endedAt: null });
    const before = await now();
    await patch(userId, { fallback_birth_date: '1990-01-01' });
    expect((await now())?.backfill).toEqual(before?.backfill);
  });

  test('that begins earlier while its connection has ended has what was left out read after the next consent', async () => {
    const { userId, now } = await connected();
    await patch(userId, { ingestion_start: dayFromNow(-30) });
    const { _id, ...ended } = await found(now());
    const floor = Date.parse(dayFromNow(-30));
    await world.db.collection<ConnectionDoc>('connections').updateOne(
      { _id },
      {
        $set: {
          'history.offeredFrom': Date.now() - 300 * DAY_MS,
          backfill: { ...ended.backfill, floor, doneBackTo: floor, endedAt: Date.now() },
        },
      },
    );
    await world.services.connections.setDesired(app.teamId, _id, 'disconnected');
    await patch(userId, { ingestion_start: dayFromNow(-100) });
    expect((await now())?.desired).toBe('disconnected');

    await world.services.connections.ensure({ _id, ...ended, consentedAt: Date.now() + 1 });
    const earlier = { floor: Date.parse(dayFromNow(-100)), ceiling: floor, doneBackTo: floor, endedAt: null };
    expect(await now()).toMatchObject({ desired: 'running', backfill: earlier });
  });

  test('that is over for a week ends its connections for good, and they are shown as paused', async () => {
    const { userId, now } = await connected();
    await patch(userId, { ingestion_end: dayFromNow(-8) });
    await reconcile();
    expect(await now()).toMatchObject({ desired: 'disconnected', ended: 'ingestion_end', tokensLeft: false });
    expect(await statuses(userId)).toEqual(['paused']);
    expect((await app.call('GET', `/v2/user/${userId}`)).body.connected_sources).toEqual([]);

    await patch(userId, { ingestion_end: null });
    expect((await app.call('POST', `/v2/user/${userId}/dexcom_v3/resume`)).status).toBe(409);
    await app.call('DELETE', `/v2/user/${userId}/dexcom_v3`);
    expect(await statuses(userId)).toEqual([]);
  });

  describe('that is over, where one connection fails for good', () => {
    const ended = { desired: 'disconnected', tokensLeft: false };
    /** By id. */
    const three = async () => {
      const [one, ...others] = [await connected(), await connected(), await connected()].toSorted((a, b) => (a._id < b._id ? -1 : 1));
      if (!one) throw new Error('nobody is connected');
      return { one, others };
    };

    test('keeps no other one from ending, however short a page', async () => {
      const { one, others } = await three();
      await patch(one.userId, { ingestion_end: dayFromNow(-9) });
      for (const { userId } of others) await patch(userId, { ingestion_end: dayFromNow(-8) });
      await expect(reconcile({ connections: new EndlessOne(world.db, one._id) }, 1)).rejects.toThrow();
      for (const { now } of others) expect(await now()).toMatchObject(ended);
      await reconcile();
    });

    test('keeps no other one that has ended from being settled', async () => {
      const { one, others } = await three();
      for (const { _id } of [one, ...others]) await world.services.connections.setDesired(app.teamId, _id, 'disconnected');
      await expect(reconcile({ grants: new KeptGrant(world.db, one._id) }, 1)).rejects.toThrow();
      for (const { now } of others) expect(await now()).toMatchObject(ended);
    });
  });

  test.each([
    ['less than a week ago', -6],
    ['yesterday, and was extended since', 30],
  ])('that was over %s goes on', async (_, days) => {
    const { userId, now } = await connected();
    await patch(userId, { ingestion_end: dayFromNow(-6) });
    await patch(userId, { ingestion_end: dayFromNow(days) });
    await reconcile();
    expect((await now())?.desired).toBe('running');
    expect(await statuses(userId)).toEqual(['connected']);
  });
});

async function found<T>(finding: Promise<T | null>): Promise<T> {
  const value = await finding;
  if (value === null) throw new Error('not there');
  return value;
}

/** Where one connection cannot be ended. */
class EndlessOne extends Connections {
  constructor(
    db: Db,
    private readonly connectionId: string,
  ) {
    super(db);
  }

  override async endIngestion(consented: Consented, to: number): Promise<boolean> {
    if (consented._id === this.connectionId) throw new Error('it does not end');
    return super.endIngestion(consented, to);
  }
}

/** Where one connection's grant cannot be ended. */
class KeptGrant extends Grants {
  constructor(
    db: Db,
    private readonly connectionId: string,
  ) {
    super(db);
  }

  override async end(consented: Consented): Promise<void> {
    if (consented._id === this.connectionId) throw new Error('its tokens stay');
    return super.end(consented);
  }
}
