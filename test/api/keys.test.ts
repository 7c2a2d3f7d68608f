import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createKey } from '../../src/admin/createKey';
import { KNOWN_FOR_MS } from '../../src/api/security/recentKeys';
import { hashApiKey } from '../../src/security/apiKeys';
import type { ApiKeyDoc } from '../../src/storage/apiKeys';
import { type ApiWorld, type App, openApiWorld, send } from './apiWorld';

let world: ApiWorld;
let app: App;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
});
afterAll(() => world?.close());

const withHeaders = (headers: Record<string, string>, path = '/v2/user') => send(world.url, 'GET', path, undefined, headers);
const keys = () => world.db.collection<ApiKeyDoc>('api_keys');

describe('a key', () => {
  test.each([
    ['x-vital-api-key', (key: string) => ({ 'x-vital-api-key': key })],
    ['a bearer token', (key: string) => ({ authorization: `Bearer ${key}` })],
  ])('opens its team as %s', async (_, header) => {
    expect((await withHeaders(header(app.apiKey))).status).toBe(200);
  });

  test.each([
    ['none', {}],
    ['one that does not exist', { 'x-vital-api-key': `sk_continuo_${randomBytes(32).toString('base64url')}` }],
    ['an empty one', { 'x-vital-api-key': '' }],
    ['another scheme', { authorization: 'Basic bWU6c2VjcmV0' }],
    ['a very long one', { 'x-vital-api-key': 'x'.repeat(8_000) }],
  ])('is needed: %s is refused', async (_, headers) => {
    const { status, body } = await withHeaders(headers);
    expect([status, Object.keys(body)]).toEqual([401, ['detail']]);
  });

  test('opens beside an empty header of the other kind', async () => {
    expect((await withHeaders({ 'x-vital-api-key': '', authorization: `Bearer ${app.apiKey}` })).status).toBe(200);
    const { key } = await createKey(world.services, { management: true, org: app.orgId, label: '' });
    expect((await withHeaders({ 'x-management-key': '', 'x-vital-org-key': key }, `/v1/org/${app.orgId}/team`)).status).toBe(200);
  });

  test('is not accepted in the address', async () => {
    expect((await withHeaders({}, `/v2/user?x-vital-api-key=${app.apiKey}&api_key=${app.apiKey}`)).status).toBe(401);
  });

  test('is asked for before anything else is said about a request', async () => {
    expect((await send(world.url, 'POST', '/v2/user', '{"broken', {})).status).toBe(401);
  });

  test('is stored as its hash only, and tells no more than its last four characters', async () => {
    const stored = await keys().findOne({ _id: hashApiKey(app.apiKey) });
    expect(stored?.lastFour).toBe(app.apiKey.slice(-4));
    expect(JSON.stringify(await keys().find().toArray())).not.toContain(app.apiKey.slice(0, -4));
  });

  test('that is revoked opens nothing any more, a second later at most', async () => {
    const { key, keyId } = await createKey(world.services, { team: app.teamId, label: 'short-lived' });
    expect((await withHeaders({ 'x-vital-api-key': key })).status).toBe(200);
    await world.services.apiKeys.revoke(null, keyId);
    await delay(KNOWN_FOR_MS);
    expect((await withHeaders({ 'x-vital-api-key': key })).status).toBe(401);
  });

  test('that has expired opens nothing any more', async () => {
    const { key } = await createKey(world.services, { team: app.teamId, label: '', expires: '1d' });
    await keys().updateOne({ _id: hashApiKey(key) }, { $set: { expiresAt: Date.now() } });
    expect(await withHeaders({ 'x-vital-api-key': key })).toMatchObject({ status: 401, body: { detail: 'The key has expired' } });
  });

  test('tells when it was used, and is not written again for every request', async () => {
    const { key } = await createKey(world.services, { team: app.teamId, label: '' });
    const usedAt = async () => (await keys().findOne({ _id: hashApiKey(key) }))?.lastUsedAt;
    expect(await usedAt()).toBeNull();
    await withHeaders({ 'x-vital-api-key': key });
    const first = await usedAt();
    expect(first).toEqual(expect.any(Number));
    await delay(KNOWN_FOR_MS);
    await withHeaders({ 'x-vital-api-key': key });
    expect(await usedAt()).toBe(first);
  });
});

describe('a scope', () => {
  test('of management does not open a team’s data', async () => {
    const { key } = await createKey(world.services, { management: true, label: '', org: app.orgId });
    expect((await withHeaders({ 'x-vital-api-key': key })).status).toBe(403);
    expect((await withHeaders({ 'x-management-key': key })).status).toBe(401);
  });
});
