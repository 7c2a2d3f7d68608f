import type { Db } from 'mongodb';
import { endIngestion } from '../../src/reconcile/endIngestion';
import { reconcilePolicyFor } from '../../src/reconcile/policy';
import type { ConnectionDoc, Consented } from '../../src/storage/connectionDoc';
import { Connections } from '../../src/storage/connections';
import { DueConnections } from '../../src/storage/dueConnections';
import { Grants } from '../../src/storage/grants';
import type { UserServices } from '../../src/users/userServices';
import { type ApiWorld, type App, openApiWorld } from '../api/apiWorld';
import { sampleConnection } from '../storage/sampleConnection';
import { grantFor } from '../sync/syncWorld';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

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
