import type { Db } from 'mongodb';
import { completeLinkSession } from '../../src/connect/completeLinkSession';
import { connectionIdOf } from '../../src/connect/connectionId';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { APP_URL } from '../api/apiWorld';
import { CONSUMED_AFTER, type InterruptedWorld, openInterruptedWorld } from './interruptedWorld';
import { accessTokenOf, type Link, SUCCESS } from './linkWorld';

let world: InterruptedWorld;

beforeAll(async () => {
  world = await openInterruptedWorld();
});
afterAll(() => world?.close());

const connectionsOf = (userId: string): Promise<ConnectionDoc[]> => world.services.connections.ofUser(world.app.teamId, userId);
const onlyConnectionOf = async (userId: string): Promise<ConnectionDoc> => {
  const [connection, ...others] = await connectionsOf(userId);
  if (!connection || others.length > 0) throw new Error(`${others.length + 1} connections`);
  return connection;
};
const messagesOf = async (userId: string): Promise<{ data: { reconnected: boolean; connection_id: string } }[]> =>
  (await world.db.collection('messages').find({ userId }).sort({ createdAt: 1 }).toArray()).map(({ body }) => JSON.parse(body));
const sessions = (db: Db) => db.collection<{ _id: string }>('link_sessions');

/** A person's id as Dexcom tells it. */
async function accountOf(person: string): Promise<string> {
  const userId = await world.app.newUser();
  await world.connect(userId, person);
  return (await onlyConnectionOf(userId)).dexcomUserId;
}

/** A consent whose API died right after it was kept. */
async function unsettledConsent(userId: string, person?: string): Promise<Link> {
  const link = await world.begin(userId);
  const callback = await world.approve(link, person);
  const revive = world.strike(CONSUMED_AFTER);
  await world.open(callback);
  revive();
  expect((await world.sessionOf(link)).unfinished).toBe(true);
  return link;
}
/** A repair's steps up to the last, which drops the session's tokens. */
const SETTLED_AFTER = 14;
const complete = async (link: Link): Promise<void> => completeLinkSession(world.services, (await world.sessionOf(link))._id);

describe('the same Dexcom account again', () => {
  test('is the same connection with the newer grant, and the app hears of it again', async () => {
    const userId = await world.app.newUser();
    await world.connect(userId);
    const first = await onlyConnectionOf(userId);
    const firstGrant = await world.grantOf(first._id);

    await world.connect(userId);
    const second = await onlyConnectionOf(userId);
    expect(second).toMatchObject({ _id: first._id, liveFrom: first.liveFrom, backfill: first.backfill, desired: 'running' });
    expect(second.consentedAt).toBeGreaterThan(first.consentedAt);
    const secondGrant = await world.grantOf(first._id);
    expect(secondGrant.consentId).not.toBe(firstGrant.consentId);
    expect((await messagesOf(userId)).map(({ data }) => data.reconnected)).toEqual([false, true]);
  });

  test.each(['disconnected', 'paused'] as const)('brings back what was %s', async (desired) => {
    const userId = await world.app.newUser();
    await world.connect(userId);
    const { _id, teamId } = await onlyConnectionOf(userId);
    await world.services.connections.setDesired(teamId, _id, desired);
    await world.connect(userId);
    expect((await onlyConnectionOf(userId)).desired).toBe('running');
    expect(await world.services.workflows.isRunning(_id)).toBe(true);
  });

  test('clears what ended the grant before', async () => {
    const userId = await world.app.newUser();
    await world.connect(userId);
    const { _id } = await onlyConnectionOf(userId);
    await world.services.grants.markNeedsReauth(await world.grantOf(_id), 'revoked', Date.now());
    expect((await world.app.call('GET', `/v2/user/providers/${userId}`)).body.providers[0]).toMatchObject({
      status: 'error',
      error_details: { error_type: 'token_refresh_failed' },
      next_poll: null,
    });

    await world.connect(userId);
    expect((await world.grantOf(_id)).needsReauth).toBeNull();
    expect((await world.app.call('GET', `/v2/user/providers/${userId}`)).body.providers[0]).toMatchObject({ status: 'connected' });
  });

  test('of another user is another connection', async () => {
    const [one, other] = [await world.app.newUser(), await world.app.newUser()];
    await world.connect(one);
    await world.connect(other);
    expect((await onlyConnectionOf(one))._id).not.toBe((await onlyConnectionOf(other))._id);
  });
});

describe('another Dexcom account', () => {
  test('ends the connection of the first, whose data stays under it', async () => {
    const userId = await world.app.newUser();
    await world.connect(userId, world.people[0]);
    const first = await onlyConnectionOf(userId);
    await world.connect(userId, world.people[1]);

    const [old, fresh] = await connectionsOf(userId);
    expect([old?._id, old?.desired, fresh?.desired]).toEqual([first._id, 'disconnected', 'running']);
    expect(fresh?.dexcomUserId).not.toBe(first.dexcomUserId);
    const { providers } = (await world.app.call('GET', `/v2/user/providers/${userId}`)).body;
    expect(providers.map((provider: { connection_id: string }) => provider.connection_id)).toEqual([fresh?._id]);
  });

  test('and back again is the first connection again', async () => {
    const userId = await world.app.newUser();
    for (const person of [0, 1, 0] as const) await world.connect(userId, world.people[person]);
    expect((await connectionsOf(userId)).map(({ desired }) => desired)).toEqual(['running', 'disconnected']);
  });

  test('consented to at the same moment in two tabs: the younger consent stays, alone', async () => {
    const userId = await world.app.newUser();
    const pages = [`${APP_URL}/one`, `${APP_URL}/two`] as const;
    const links = await Promise.all(pages.map((redirect_url) => world.begin(userId, { redirect_url })));
    const callbacks = await Promise.all(links.map((link, n) => world.approve(link, world.people[n])));
    const locations = await Promise.all(callbacks.map(async (callback) => (await world.open(callback)).headers.get('location')));
    expect(locations).toEqual(pages.map((page) => `${page}?state=success`));

    const running = (await connectionsOf(userId)).filter(({ desired }) => desired === 'running');
    const youngest = Math.max(...(await connectionsOf(userId)).map(({ consentedAt }) => consentedAt));
    expect(running.map(({ consentedAt }) => consentedAt)).toEqual([youngest]);
  });

  test.each<[string, (lower: Link, higher: Link) => Promise<unknown>]>([
    ['one after the other', (lower, higher) => complete(lower).then(() => complete(higher))],
    ['the other way round', (lower, higher) => complete(higher).then(() => complete(lower))],
    ['both at once', (lower, higher) => Promise.all([complete(lower), complete(higher)])],
  ])('consented to in one millisecond: the same one stays, alone, settled %s', async (_, settleBoth) => {
    const userId = await world.app.newUser();
    const consents = await Promise.all(
      world.people.map(async (person) => ({
        connectionId: connectionIdOf(userId, 'dexcom_v3', await accountOf(person)),
        person,
      })),
    );
    const [lower, higher] = consents.sort((a, b) => (a.connectionId < b.connectionId ? -1 : 1));
    const links = [await unsettledConsent(userId, lower?.person), await unsettledConsent(userId, higher?.person)] as const;
    const ids = await Promise.all(links.map(async (link) => (await world.sessionOf(link))._id));
    await sessions(world.db).updateMany({ _id: { $in: ids } }, { $set: { 'step.consentedAt': Date.now() } });
    await settleBoth(...links);

    const running = (await connectionsOf(userId)).filter(({ desired }) => desired === 'running');
    expect(running.map(({ _id }) => _id)).toEqual([higher?.connectionId]);
    expect(await world.grantOf(higher?.connectionId ?? '')).toMatchObject({ needsReauth: null });
  });
});

describe('a consent settled late', () => {
  test('does not overtake a younger one with another account', async () => {
    const userId = await world.app.newUser();
    const late = await unsettledConsent(userId, world.people[0]);
    await world.connect(userId, world.people[1]);
    const before = await connectionsOf(userId);
    await complete(late);
    expect(await connectionsOf(userId)).toEqual(before);
    expect(await world.sessionOf(late)).toMatchObject({ unfinished: false, step: { tokens: null, connectionId: null, overtaken: true } });
  });

  test('does not put its tokens over those of a younger one with the same account', async () => {
    const userId = await world.app.newUser();
    const late = await unsettledConsent(userId);
    await world.connect(userId);
    const { _id } = await onlyConnectionOf(userId);
    const before = await world.grantOf(_id);
    await complete(late);
    expect(await world.grantOf(_id)).toEqual(before);
  });

  test('does not undo a disconnect', async () => {
    const userId = await world.app.newUser();
    const late = await unsettledConsent(userId);
    // Everything but the last step: the session does not know yet that it is settled.
    const revive = world.strike(SETTLED_AFTER);
    await complete(late).catch(() => undefined);
    revive();
    const { _id, teamId } = await onlyConnectionOf(userId);
    await world.services.connections.setDesired(teamId, _id, 'disconnected');
    expect((await world.sessionOf(late)).unfinished).toBe(true);

    await complete(late);
    expect((await onlyConnectionOf(userId)).desired).toBe('disconnected');
  });

  test('after its access token ran out is renewed first', async () => {
    const userId = await world.app.newUser();
    const late = await unsettledConsent(userId);
    await world.simulator.control.clock({ advance: '3h' });
    await complete(late);

    const { _id, dexcomUserId } = await onlyConnectionOf(userId);
    const grant = await world.grantOf(_id);
    const { userId: account } = await (await world.issuerOf(grant)).dataRange(accessTokenOf(grant));
    expect(account).toBe(dexcomUserId);
    expect((await world.sessionOf(late)).unfinished).toBe(false);
  });

  test('whose grant was withdrawn is tried for a day and then given up', async () => {
    const userId = await world.app.newUser();
    const late = await unsettledConsent(userId);
    await world.simulator.control.revoke({ personId: world.people[0] });
    await expect(complete(late)).rejects.toMatchObject({ kind: 'invalid_grant' });
    expect((await world.sessionOf(late)).unfinished).toBe(true);

    const { _id } = await world.sessionOf(late);
    await sessions(world.db).updateOne({ _id }, { $set: { 'step.consentedAt': Date.now() - 25 * 3_600_000 } });
    await complete(late);
    expect(await world.sessionOf(late)).toMatchObject({ unfinished: false, step: { tokens: null, connectionId: null, overtaken: false } });
    expect(await connectionsOf(userId)).toEqual([]);
  });

  test('while Dexcom does not answer is kept, and the person is told that they are connected', async () => {
    const userId = await world.app.newUser();
    const link = await world.begin(userId);
    const callback = await world.approve(link);
    await world.simulator.control.addFault({ endpoints: ['dataRange'], kind: 'status', status: 503 });
    expect((await world.open(callback)).headers.get('location')).toBe(SUCCESS);
    expect((await world.sessionOf(link)).unfinished).toBe(true);
    await complete(link);
    expect((await onlyConnectionOf(userId)).desired).toBe('running');
  });
});
