import { randomUUID } from 'node:crypto';
import { sampleConnection } from '../storage/sampleConnection';
import { type ApiWorld, type App, openApiWorld, send } from './apiWorld';

let world: ApiWorld;
let app: App;
beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
});
afterAll(() => world?.close());

const newLink = async (of: App): Promise<string> =>
  (await of.call('POST', '/v2/link/token', { body: { user_id: await of.newUser(), provider: 'dexcom_v3' } })).body.link_token;

describe('GET /v2/team/{team_id}', () => {
  test('shows the team without any key or secret', async () => {
    const { body } = await app.call('GET', `/v2/team/${app.teamId}`);
    expect(body).toMatchObject({
      id: app.teamId,
      org_id: app.orgId,
      name: 'a team',
      api_keys: [],
      configuration: { push_historical_data: false },
    });
    expect(JSON.stringify(body)).not.toContain(app.apiKey.slice(-8));
  });

  test('finds no team but the key’s own', async () => {
    expect((await app.call('GET', `/v2/team/${(await world.newApp()).teamId}`)).status).toBe(404);
    expect((await app.call('GET', '/v2/team/nothing')).status).toBe(422);
  });
});

describe('GET /v2/team/users/search', () => {
  test('finds a user by whole ids, theirs and ours', async () => {
    const clientUserId = `Ada ${randomUUID()}`;
    const userId = await app.newUser(clientUserId);
    for (const id of [clientUserId, userId, userId.toUpperCase()]) {
      const { body } = await app.call('GET', `/v2/team/users/search?query_id=${encodeURIComponent(id)}`);
      expect(body).toMatchObject([{ user_id: userId, client_user_id: clientUserId, connected_sources: [] }]);
    }
    for (const id of ['', 'Ada', 'ada', '.*']) expect((await app.call('GET', `/v2/team/users/search?query_id=${id}`)).body).toEqual([]);
  });
});

test('GET /v2/user/metrics counts users, connections in use, and those whose person has to link again', async () => {
  const own = await world.newApp();
  const [first, second, third] = [await own.newUser(), await own.newUser(), await own.newUser()];
  const { connections } = world.services;
  const grants = world.db.collection<{ _id: string }>('grants');
  for (const [userId, change, needsReauth] of [
    [first, {}, null],
    [first, { desired: 'disconnected' }, { reason: 'revoked' }],
    [second, { desired: 'paused' }, { reason: 'revoked' }],
  ] as const) {
    const connection = sampleConnection({ _id: randomUUID(), teamId: own.teamId, userId, clientUserId: 'x', ...change });
    await connections.ensure(connection);
    await grants.insertOne({ _id: connection._id, teamId: own.teamId, needsReauth } as { _id: string });
  }
  const { body } = await own.call('GET', '/v2/user/metrics');
  expect([third !== first, body]).toEqual([
    true,
    {
      team_id: own.teamId,
      number_of_users: 3,
      number_of_connected_sources: 2,
      number_of_errored_connected_sources: 1,
      number_of_connected_sources_by_week: [],
      number_of_ordered_tests: 0,
    },
  ]);
});

describe('what the older client asks of a link token', () => {
  test('isValid is true as long as it can connect somebody, and false for anything else', async () => {
    const token = await newLink(app);
    const valid = async (text: string) => (await app.call('POST', '/v2/link/token/isValid', { body: { token: text } })).body.is_valid;
    expect([await valid(token), await valid(`${token}x`), await valid(''), await valid(await newLink(await world.newApp()))]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    await world.db.collection('link_sessions').updateMany({}, { $set: { expiresAt: Date.now() - 1 } });
    expect(await valid(token)).toBe(false);
  });

  test('start answers Dexcom’s sign-in for a token of the team, and nothing for another’s', async () => {
    const token = await newLink(app);
    const start = (of: App, provider = 'dexcom_v3') => of.call('POST', '/v2/link/start', { body: { link_token: token, provider } });
    const { body } = await start(app);
    expect(new URL(body.oauth_url).searchParams.get('state')).toBe(token);
    expect((await start(await world.newApp())).status).toBe(404);
    expect((await start(app, 'fitbit')).body.detail.error_type).toBe('INVALID_PROVIDER');
    await world.db.collection('link_sessions').updateMany({}, { $set: { expiresAt: Date.now() - 1 } });
    expect((await start(app)).body.detail.error_type).toBe('INVALID_REQUEST');
  });

  test('state and config tell what the token is for and whose', async () => {
    const token = await newLink(app);
    const ask = (path: string) => send(world.url, 'GET', path, undefined, { 'x-vital-link-token': token });
    expect((await ask('/v2/link/state')).body).toMatchObject({ provider: 'dexcom_v3', redirect_url: null, user_id: expect.any(String) });
    expect((await ask('/v2/team/link/config')).body).toEqual({
      team_id: app.teamId,
      name: 'a team',
      logo_url: null,
      brand_information: null,
    });
  });
});
