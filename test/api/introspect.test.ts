import { randomUUID } from 'node:crypto';
import { AT, DAY, halfDone, type IntrospectWorld, openIntrospectWorld } from './introspectWorld';

let world: IntrospectWorld;

beforeAll(async () => {
  world = await openIntrospectWorld();
});
afterAll(() => world?.close());

describe.each(['resources', 'historical_pull'])('GET /v2/introspect/%s', (name) => {
  const introspect = (query = '') => world.app.call('GET', `/v2/introspect/${name}?${query}`);

  test('follows its cursors over every user once, newest first, under both names', async () => {
    const fresh = await world.newApp();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await fresh.newUser());
    const seen: string[] = [];
    let query = 'user_limit=2';
    for (let page = 0; page < 3; page++) {
      const { body } = await fresh.call('GET', `/v2/introspect/${name}?${query}`);
      seen.push(...body.data.map(({ user_id }: { user_id: string }) => user_id));
      expect(body.next).toBe(body.next_cursor);
      query = `user_limit=2&${page === 0 ? 'next_cursor' : 'cursor'}=${body.next_cursor}`;
    }
    expect(seen).toEqual(ids);
    expect(query).toContain('=null');
  });

  test('leaves out a disconnected provider, and one that was not asked for', async () => {
    const disconnected = await world.userWith({ ...halfDone, desired: 'disconnected' });
    expect((await introspect(`user_id=${disconnected}`)).body.data).toEqual([{ user_id: disconnected, provider: {} }]);
    const userId = await world.userWith(halfDone);
    expect((await introspect(`user_id=${userId}&provider=oura`)).body.data).toEqual([{ user_id: userId, provider: {} }]);
    expect(Object.keys((await introspect(`user_id=${userId}&provider=dexcom_v3`)).body.data[0].provider)).toEqual(['dexcom_v3']);
  });

  test('refuses a cursor that is none, and a user that is none', async () => {
    expect(await introspect('next_cursor=nonsense')).toMatchObject({ status: 422, body: { detail: [{ loc: ['query', 'next_cursor'] }] } });
    expect(await introspect('user_limit=0')).toMatchObject({ status: 422, body: { detail: [{ loc: ['query', 'user_limit'] }] } });
    expect((await introspect(`user_id=${randomUUID()}`)).status).toBe(404);
  });
});

describe('the next poll', () => {
  /** As each of those who tell of a connection tells it. */
  const told = async (userId: string): Promise<unknown[]> => {
    const { body } = await world.app.call('GET', `/v2/user/providers/${userId}`);
    const { glucose, insulin_injection } = await world.resources(userId);
    return [body.providers[0], await world.historicalPull(userId), glucose, insulin_injection].map(({ next_poll }) => next_poll);
  };
  const connectionOf = async (userId: string) => (await world.services.connections.ofUser(world.app.teamId, userId))[0]?._id ?? '';
  const everywhere = (at: string | null) => [at, at, at, at];
  const records = { floor: AT - DAY, coveredUntil: AT, nextAt: AT, readAt: AT, any: true, failures: 0, error: null };
  const connected = { ...halfDone, nextPollAt: Date.parse('2099-01-01T00:00:00Z'), records };

  test('is told alike in the list of providers and by introspection', async () => {
    expect(await told(await world.userWith(connected))).toEqual(everywhere('2099-01-01T00:00:00+00:00'));
    expect(await told(await world.userWith({ ...connected, desired: 'paused' }))).toEqual(everywhere(null));
  });

  test('is none once a grant needs a new consent, or is not there at all', async () => {
    const { grants } = world.services;
    const { teamId } = world.app;
    const refused = await world.userWith(connected);
    const grant = await grants.read(teamId, await connectionOf(refused));
    expect(grant && (await grants.markNeedsReauth(grant, 'revoked', AT))).toBe(true);
    expect(await told(refused)).toEqual(everywhere(null));

    const ended = await world.userWith(connected);
    await grants.end({ _id: await connectionOf(ended), teamId, consentedAt: Date.now() });
    expect(await told(ended)).toEqual(everywhere(null));
  });

  test('does not stand in the past while no token can be had to poll with', async () => {
    expect(await told(await world.userWith({ ...connected, nextPollAt: AT }, AT))).toEqual(everywhere(null));
  });

  test('of each of a page of users is their own', async () => {
    const [well, paused] = [await world.userWith(connected), await world.userWith({ ...connected, desired: 'paused' })];
    const { body } = await world.app.call('GET', '/v2/introspect/resources?user_limit=2');
    const found = body.data.map((one: { user_id: string; provider: { dexcom_v3: { glucose: { next_poll: unknown } } } }) => [
      one.user_id,
      one.provider.dexcom_v3.glucose.next_poll,
    ]);
    expect(found).toEqual([
      [paused, null],
      [well, '2099-01-01T00:00:00+00:00'],
    ]);
  });
});
