import { randomUUID } from 'node:crypto';
import { createKey } from '../../src/admin/createKey';
import { send } from './apiWorld';
import { type Management, openManagement, TEAM_KEYS } from './managementWorld';

let world: Management['world'];
let app: Management['app'];
let theirs: Management['theirs'];
let management: string;
let ask: Management['ask'];
let newTeam: Management['newTeam'];
let newTeamKey: Management['newTeamKey'];
let opens: Management['opens'];

beforeAll(async () => {
  ({ world, app, theirs, key: management, ask, newTeam, newTeamKey, opens } = await openManagement());
});
afterAll(() => world?.close());

describe('team API keys', () => {
  test('are shown once, open what they are for, and are listed without their secret', async () => {
    const made = await ask('POST', TEAM_KEYS, {
      label: 'reader',
      team_id: app.teamId,
      scopes: ['users:read'],
      expires_at: new Date(Date.now() + 60_000).toISOString(),
    });
    expect(made).toMatchObject({ status: 200, body: { label: 'reader', team_id: app.teamId, scopes: ['users:read'], last_used_at: null } });
    const { id, value } = made.body;
    expect([await opens(value), await opens(value, `/v2/timeseries/${randomUUID()}/glucose/grouped?start_date=2026-01-01`)]).toEqual([
      200, 403,
    ]);

    const { body } = await ask('GET', `${TEAM_KEYS}?team_id=${app.teamId}`);
    const listed = body.api_keys.find((key: { id: string }) => key.id === id);
    expect(listed).toMatchObject({ label: 'reader', last_used_at: expect.any(String), expires_at: expect.any(String) });
    expect(listed.value).toBe(`sk_continuo_…${value.slice(-4)}`);
    expect(JSON.stringify(body)).not.toContain(value);
    expect(world.logged()).not.toContain(value);
  });

  test('that are revoked open nothing from the answer on', async () => {
    const { id, value } = await newTeamKey();
    expect(await opens(value)).toBe(200);
    const nobody = randomUUID();
    const answer = await ask('DELETE', `${TEAM_KEYS}?api_key_id=${id}&api_key_id=${nobody}`);
    expect(answer).toMatchObject({ status: 200, body: { success: [id], failure: [], not_found: [nobody] } });
    expect(await opens(value)).toBe(401);
  });

  test('of another organisation are not found, for a team or by id', async () => {
    const [theirKey] = await world.services.apiKeys.page({ orgId: theirs.orgId, of: 'every team' }, null, 1);
    const id = theirKey?.keyId ?? '';
    expect((await ask('POST', TEAM_KEYS, { label: '', team_id: theirs.teamId })).status).toBe(404);
    expect((await ask('GET', `${TEAM_KEYS}?team_id=${theirs.teamId}`)).status).toBe(404);
    expect((await ask('DELETE', `${TEAM_KEYS}?api_key_id=${id}`)).body).toMatchObject({ not_found: [id] });
    expect(await opens(theirs.apiKey)).toBe(200);
    expect(JSON.stringify((await ask('GET', TEAM_KEYS)).body)).not.toContain(id);
  });

  test.each([
    ['a scope that is none', { scopes: ['everything'] }],
    ['the scope of management keys', { scopes: ['management'] }],
    ['no scope', { scopes: [] }],
    ['a time that is over', { expires_at: '2020-01-01T00:00:00Z' }],
  ])('are not made with %s', async (_, given) => {
    expect((await ask('POST', TEAM_KEYS, { label: '', team_id: app.teamId, ...given })).status).toBe(422);
  });
});

describe('management keys', () => {
  const newKey = async (given: object): Promise<{ id: string; key: string }> =>
    (await ask('POST', '/management_key', { label: 'another', ...given })).body;

  test('are shown once and listed without their secret', async () => {
    const { id, key } = await newKey({ role: 'org_admin' });
    const { body } = await ask('GET', '/management_key', undefined, key);
    expect(body.management_keys.find((known: { id: string }) => known.id === id)).toMatchObject({
      role: 'org_admin',
      last_four: key.slice(-4),
    });
    expect(JSON.stringify(body)).not.toContain(key);
  });

  test('of a team_admin open its teams and nothing of the organisation; changes and revocation hold from the answer on', async () => {
    const [bound, other] = [await newTeam(), await newTeam()];
    const { id, key } = await newKey({ role: 'team_admin', team_role_bindings: [{ team_id: bound }] });
    const status = async (method: string, path: string, body?: unknown) => (await ask(method, path, body, key)).status;

    expect(await status('GET', `/team/${bound}`)).toBe(200);
    expect(await status('GET', `/team/${bound}/production/webhook`)).toBe(200);
    expect(await status('POST', TEAM_KEYS, { label: '', team_id: bound })).toBe(200);
    expect((await ask('GET', '/team', undefined, key)).body.teams).toHaveLength(1);
    expect((await ask('GET', TEAM_KEYS, undefined, key)).body.api_keys).toHaveLength(1);
    expect(await status('GET', `/team/${other}`)).toBe(404);
    expect(await status('GET', `/team/${other}/production/webhook`)).toBe(404);
    expect(await status('POST', TEAM_KEYS, { label: '', team_id: other })).toBe(404);
    expect(await status('POST', '/team', { name: 'x' })).toBe(403);
    expect(await status('DELETE', `/team/${bound}`)).toBe(403);
    expect(await status('GET', '/management_key')).toBe(403);
    expect(await status('PATCH', `/management_key/${id}`, { role: 'org_admin' })).toBe(403);

    await ask('PATCH', `/management_key/${id}`, { team_role_bindings: [{ team_id: other }] });
    expect([await status('GET', `/team/${bound}`), await status('GET', `/team/${other}`)]).toEqual([404, 200]);
    expect((await ask('DELETE', `/management_key/${id}`)).body).toEqual({ success: true });
    expect(await status('GET', `/team/${other}`)).toBe(401);
    expect((await ask('DELETE', `/management_key/${id}`)).status).toBe(404);
  });

  test('are bound to no team of another organisation', async () => {
    const made = await ask('POST', '/management_key', { label: '', role: 'team_admin', team_role_bindings: [{ team_id: theirs.teamId }] });
    expect(made.status).toBe(404);
  });
});

describe('an API access token', () => {
  const tokenOf = (path: string, body: object = { env: 'production' }, key = management) =>
    ask('POST', `${path}/create_api_access_token`, body, key);
  const withBearer = (token: string, path = '/v2/user') => send(world.url, 'GET', path, undefined, { authorization: `Bearer ${token}` });

  test('opens its team’s routes as a bearer, within its scopes, and no management route', async () => {
    const { status, body } = await tokenOf(`/team/${app.teamId}`, { env: 'production', scopes: ['users:read'] });
    expect([status, body.expires_in]).toEqual([200, 300]);
    expect((await withBearer(body.access_token)).status).toBe(200);
    expect((await withBearer(body.access_token, `/v2/timeseries/${app.teamId}/glucose/grouped?start_date=2026-01-01`)).status).toBe(403);
    expect((await ask('GET', '/team', undefined, body.access_token)).status).toBe(403);
    expect((await withBearer(`${body.access_token.slice(0, -3)}abc`)).status).toBe(401);
  });

  test('ends with the key that made it', async () => {
    const { key, keyId } = await createKey(world.services, { management: true, org: app.orgId, label: '' });
    const { body } = await tokenOf(`/team/${app.teamId}`, { env: 'production' }, key);
    expect((await withBearer(body.access_token)).status).toBe(200);
    await ask('DELETE', `/management_key/${keyId}`);
    expect((await withBearer(body.access_token)).status).toBe(401);
  });

  test('ends with its team', async () => {
    const teamId = await newTeam();
    const { body } = await tokenOf(`/team/${teamId}`, { env: 'production' });
    expect((await withBearer(body.access_token)).status).toBe(200);
    expect((await ask('DELETE', `/team/${teamId}`)).status).toBe(200);
    expect((await withBearer(body.access_token)).status).toBe(401);
  });

  test('is not made without end', async () => {
    const path = `/team/${await newTeam()}`;
    const answers = await Promise.all(Array.from({ length: 40 }, () => tokenOf(path)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(10);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
