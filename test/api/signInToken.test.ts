import { createKey } from '../../src/admin/createKey';
import { sampleConnection } from '../storage/sampleConnection';
import { type Answer, type ApiWorld, type App, openApiWorld, send } from './apiWorld';

let world: ApiWorld;
let app: App;
let userId: string;
beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
  userId = await app.newUser();
  await world.services.connections.ensure(sampleConnection({ teamId: app.teamId, userId, clientUserId: 'x' }));
});
afterAll(() => world?.close());

const tokenFor = async (id: string, apiKey = app.apiKey): Promise<string> =>
  (await send(world.url, 'POST', `/v2/user/${id}/sign_in_token`, undefined, { 'x-vital-api-key': apiKey })).body.sign_in_token;

const by = (token: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  send(world.url, method, path, body, { authorization: `Bearer ${token}` });

describe('a sign-in token', () => {
  test.each([
    (id: string) => `/v2/user/${id}`,
    (id: string) => `/v2/user/${id.toUpperCase()}`,
    (id: string) => `/v2/user/providers/${id}`,
    (id: string) => `/v2/user/${id}/device`,
    (id: string) => `/v2/timeseries/${id}/glucose/grouped?start_date=2026-01-01`,
  ])('reads what there is of its own user, and nothing of another', async (path) => {
    const token = await tokenFor(userId);
    expect((await by(token, 'GET', path(userId))).status).toBe(200);
    const { status, body } = await by(token, 'GET', path(await app.newUser()));
    expect([status, body]).toEqual([403, { detail: 'A sign-in token opens what is read of its own user, and nothing else' }]);
  });

  test.each([
    ['GET', '/v2/user'],
    ['GET', '/v2/user/metrics'],
    ['GET', '/v2/introspect/resources?user_id={user_id}'],
    ['POST', '/v2/user'],
    ['POST', '/v2/user/refresh/{user_id}'],
    ['POST', '/v2/user/{user_id}/sign_in_token'],
    ['POST', '/v2/user/{user_id}/dexcom_v3/pause'],
    ['DELETE', '/v2/user/{user_id}/dexcom_v3'],
    ['POST', '/v2/link/token'],
    ['POST', '/aggregate/v1/user/{user_id}/query?'],
  ])('does not open %s %s', async (method, path) => {
    const token = await tokenFor(userId);
    const { status } = await by(token, method, path.replace('{user_id}', userId), method === 'POST' ? { user_id: userId } : undefined);
    expect(status).toBe(path.startsWith('/aggregate') ? 400 : 403);
  });

  test('reads no more than the key that made it', async () => {
    const { key } = await createKey(world.services, { team: app.teamId, label: '', scopes: 'users:write,users:read' });
    const token = await tokenFor(userId, key);
    expect((await by(token, 'GET', `/v2/user/${userId}`)).status).toBe(200);
    expect((await by(token, 'GET', `/v2/timeseries/${userId}/glucose/grouped?start_date=2026-01-01`)).status).toBe(403);
  });

  test('ends with the key that made it', async () => {
    const { key, keyId } = await createKey(world.services, { team: app.teamId, label: '' });
    const token = await tokenFor(userId, key);
    expect((await by(token, 'GET', `/v2/user/${userId}`)).status).toBe(200);
    await world.services.apiKeys.revoke(null, keyId);
    expect((await by(token, 'GET', `/v2/user/${userId}`)).status).toBe(401);
  });

  test('ends with its user', async () => {
    const deleted = await app.newUser();
    const token = await tokenFor(deleted);
    await app.call('DELETE', `/v2/user/${deleted}`);
    for (const path of [`/v2/user/${deleted}`, `/v2/user/${deleted}/device`]) expect((await by(token, 'GET', path)).status).toBe(401);
  });

  test('ends after fifteen minutes', async () => {
    const { exp, iat } = JSON.parse(Buffer.from((await tokenFor(userId)).split('.')[1] ?? '', 'base64url').toString());
    expect(exp - iat).toBe(900);
  });

  test('of one kind does not pass for another: a link token opens no reads', async () => {
    const { body } = await app.call('POST', '/v2/link/token', { body: { user_id: userId } });
    expect((await by(body.link_token, 'GET', `/v2/user/${userId}`)).status).toBe(401);
  });

  test('is not made for a user of another team', async () => {
    const { status } = await (await world.newApp()).call('POST', `/v2/user/${userId}/sign_in_token`);
    expect(status).toBe(404);
  });
});
