import { randomUUID } from 'node:crypto';
import { triggerOne } from '../../src/bulk/triggerOne';
import { completeLinkSession } from '../../src/connect/completeLinkSession';
import { settleEnded } from '../../src/connect/settleEnded';
import { DueConnections } from '../../src/storage/dueConnections';
import type { GrantDoc } from '../../src/storage/grants';
import { type InterruptedWorld, openInterruptedWorld } from '../connect/interruptedWorld';
import { type Link, SUCCESS } from '../connect/linkWorld';
import { atEveryStep } from '../sync/strikes';

let world: InterruptedWorld;

beforeAll(async () => {
  world = await openInterruptedWorld();
});
afterAll(() => world?.close());

const connectionsOf = (userId: string) => world.services.connections.ofUser(world.app.teamId, userId);
const storedGrant = (_id: string) => world.db.collection<GrantDoc>('grants').findOne({ _id });
/** Whoever's tokens are kept under this consent, with a connection or without one. */
const keptUnder = (consentId: string) =>
  world.db.collection<GrantDoc>('grants').countDocuments({ consentId, $or: [{ refreshToken: { $exists: true } }, { ended: null }] });
const complete = async (link: Link): Promise<void> => completeLinkSession(world.services, (await world.sessionOf(link))._id);
const remove = (userId: string) => world.app.call('DELETE', `/v2/user/${userId}`);

/** Nothing runs for this user, and there is no token of theirs anywhere. */
async function expectEnded(userId: string, link: Link): Promise<void> {
  for (const { _id, desired } of await connectionsOf(userId)) {
    expect(desired).toBe('disconnected');
    const grant = await storedGrant(_id);
    expect([grant?.accessToken, grant?.refreshToken]).toEqual([undefined, undefined]);
  }
  const { step } = await world.sessionOf(link);
  if (step.kind === 'consumed') expect([step.tokens, await keptUnder(step.consentId)]).toEqual([null, 0]);
}

describe('a provider that is disconnected', () => {
  test('leaves no token, takes none from a refresh under way, and comes back with a new consent', async () => {
    const userId = await world.app.newUser();
    const link = await world.connect(userId);
    const [connection] = await connectionsOf(userId);
    const grant = await world.grantOf(connection?._id ?? '');
    expect((await world.app.call('DELETE', `/v2/user/${userId}/dexcom_v3`)).status).toBe(200);
    await expectEnded(userId, link);
    expect(await world.services.grants.store(grant, grant)).toBe(false);
    expect(await world.services.grants.read(world.app.teamId, grant._id)).toBeNull();

    await world.connect(userId);
    expect((await connectionsOf(userId)).map(({ desired }) => desired)).toEqual(['running']);
    expect((await world.grantOf(grant._id)).consentId).not.toBe(grant.consentId);
  });

  test('gets no token from a repair that comes late, wherever the one before died', async () => {
    const steps = await atEveryStep(async (step) => {
      const userId = await world.app.newUser();
      const link = await world.unsettledConsent(userId);
      const revive = world.strike(step);
      await complete(link).catch(() => undefined);
      const died = revive();

      const { status } = await world.app.call('DELETE', `/v2/user/${userId}/dexcom_v3`);
      await complete(link);
      if (status === 200) await expectEnded(userId, link);
      return died;
    });
    expect(steps).toBeGreaterThan(8);
  });

  test('gets no token from a repair that slept while another one did it all', async () => {
    const steps = await atEveryStep(async (step) => {
      const userId = await world.app.newUser();
      const link = await world.unsettledConsent(userId);
      const { slept, wake } = await world.lull(step, () => complete(link));
      await complete(link);
      expect((await world.app.call('DELETE', `/v2/user/${userId}/dexcom_v3`)).status).toBe(200);
      await wake();
      await expectEnded(userId, link);
      return slept;
    });
    expect(steps).toBeGreaterThan(8);
  });
});

test.each([
  ['behind', -3_600_000],
  ['ahead of', 3_600_000],
])('a bulk trigger repeated by a clock an hour %s ours has a history read once, another one once more', async (_, ahead) => {
  const { app, services, db } = world;
  const userId = await app.newUser();
  await world.connect(userId);
  const item = { userId, sessionId: null, result: null };
  const begin = { teamId: app.teamId, type: 'link_bulk_historical_trigger', endedAt: null, items: [item] } as const;
  const operation = { ...begin, _id: randomUUID(), startedAt: Date.now() + ahead };
  const complete = () => db.collection('connections').updateOne({ userId }, { $set: { 'backfill.endedAt': Date.now() } });
  const triggered = async (by = operation): Promise<unknown> => {
    await complete();
    expect(await triggerOne(services, by, item)).toBe('done');
    return (await connectionsOf(userId))[0]?.history?.pullId;
  };
  const pullId = await triggered();
  expect(pullId).toEqual(expect.any(String));
  expect(await triggered()).toBe(pullId);
  expect((await connectionsOf(userId))[0]?.backfill.endedAt).not.toBeNull();
  expect(await triggered({ ...operation, _id: randomUUID() })).not.toBe(pullId);
});

test('a user whose deletion died at its first step is in no export, and none of their history is read again', async () => {
  const { app, services } = world;
  const userId = await app.newUser();
  await world.connect(userId);
  const exported = async (): Promise<unknown[]> =>
    (await app.call('POST', '/v2/link/bulk_export', { body: { provider: 'dexcom_v3', user_ids: [userId] } })).body.data;
  const item = { userId, sessionId: null, result: null };
  const operation = { _id: randomUUID(), teamId: app.teamId, type: 'link_bulk_historical_trigger', endedAt: null, items: [item] } as const;
  const triggered = () => triggerOne(services, { ...operation, startedAt: Date.now() }, item);
  expect([(await exported()).length, await triggered()]).toEqual([1, 'done']);

  const scheduledAt = Date.now();
  await services.users.scheduleDeletion({ _id: userId, teamId: app.teamId }, { scheduledAt, eraseAt: scheduledAt + 60_000, final: false });
  expect((await connectionsOf(userId)).map(({ desired }) => desired)).toEqual(['running']);
  expect([await exported(), await triggered()]).toEqual([[], 'failed']);
});

describe.each([
  ['for the first time', false],
  ['once more', true],
])('a person who consents %s and then with another account', (_, wasConnected) => {
  test('leaves no token of the first one, wherever its repair died', async () => {
    const steps = await atEveryStep(async (step) => {
      const userId = await world.app.newUser();
      if (wasConnected) await world.connect(userId);
      const link = await world.unsettledConsent(userId);
      const revive = world.strike(step);
      await complete(link).catch(() => undefined);
      const died = revive();

      await world.connect(userId, world.people[1]);
      await complete(link);
      for await (const page of new DueConnections(world.db).withTokensLeft(100))
        for (const ended of page) await settleEnded(world.services, ended);
      const { step: settled } = await world.sessionOf(link);
      if (settled.kind !== 'consumed') throw new Error('not consented');
      expect([settled.tokens, await keptUnder(settled.consentId)]).toEqual([null, 0]);
      expect((await connectionsOf(userId)).filter(({ desired }) => desired === 'running')).toHaveLength(1);
      return died;
    });
    expect(steps).toBeGreaterThan(8);
  });
});

describe('a user who is deleted while they connect', () => {
  test('has links that open nothing any more, and open again if the user is brought back', async () => {
    const userId = await world.app.newUser();
    const link = await world.begin(userId);
    const opened = async () => {
      const page = await world.open(link.webUrl);
      const state = await world.open(`${world.url}/v2/link/state`, { 'x-vital-link-token': link.token });
      const started = await world.app.call('POST', '/v2/link/start', { body: { link_token: link.token, provider: 'dexcom_v3' } });
      const valid = await world.app.call('POST', '/v2/link/token/isValid', { body: { token: link.token } });
      return [page.status, state.status, started.status, valid.body.is_valid];
    };
    expect(await opened()).toEqual([302, 200, 200, true]);
    await remove(userId);
    expect(await opened()).toEqual([400, 401, 404, false]);
    await world.app.call('POST', `/v2/user/undo_delete?user_id=${userId}`);
    expect(await opened()).toEqual([302, 200, 200, true]);
  });

  test('has no connection in the end, wherever the callback died', async () => {
    const steps = await atEveryStep(async (step) => {
      const userId = await world.app.newUser();
      const link = await world.begin(userId);
      const callback = await world.approve(link);
      const revive = world.strike(step);
      await world.open(callback);
      const died = revive();

      await remove(userId);
      expect(await world.open(callback)).toMatchObject({ status: 400, body: expect.stringContaining('not valid') });
      await complete(link);
      await expectEnded(userId, link);
      return died;
    });
    expect(steps).toBeGreaterThan(12);
  });

  test('has no connection in the end, wherever the callback slept meanwhile', async () => {
    const steps = await atEveryStep(async (step) => {
      const userId = await world.app.newUser();
      const link = await world.begin(userId);
      const callback = await world.approve(link);
      const { slept, wake } = await world.lull(step, () => world.open(callback));
      await remove(userId);
      const location = (await wake()).headers.get('location');
      await complete(link);
      await expectEnded(userId, link);
      // Who was connected before the deletion may have been told so, nobody else.
      const { step: ended } = await world.sessionOf(link);
      const wasConnected = ended.kind === 'consumed' && ended.connectionId !== null;
      expect([step, location === SUCCESS]).toEqual([step, wasConnected]);
      return slept;
    });
    expect(steps).toBeGreaterThan(12);
  });
});
