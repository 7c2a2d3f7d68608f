import { randomUUID } from 'node:crypto';
import { createKey } from '../../src/admin/createKey';
import { type Answer, type ApiWorld, type App, openApiWorld, send } from './apiWorld';

let world: ApiWorld;
let app: App;
let theirs: App;
let management: string;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
  theirs = await world.newApp();
  ({ key: management } = await createKey(world.services, { management: true, org: app.orgId, label: 'ours' }));
});
afterAll(() => world?.close());

const ask = (method: string, path: string, body?: unknown, key = management): Promise<Answer> =>
  send(world.url, method, `/v1/org/${app.orgId}${path}`, body, { 'x-management-key': key });
const newTeam = async (given: object = {}): Promise<string> => (await ask('POST', '/team', { name: 'a team', ...given })).body.id;
const KEYS = '/team_api_keys/production/us';
const newTeamKey = async (given: object = {}): Promise<{ id: string; value: string }> =>
  (await ask('POST', KEYS, { label: 'a key', team_id: app.teamId, ...given })).body;
const opens = async (key: string, path = '/v2/user'): Promise<number> =>
  (await send(world.url, 'GET', path, undefined, { 'x-vital-api-key': key })).status;

describe('teams', () => {
  test('are made, read, changed and deleted', async () => {
    const made = await ask('POST', '/team', { name: 'acme', region: 'eu', redirect_urls: ['https://acme.example/cb', 'acme://done'] });
    expect(made).toMatchObject({
      status: 200,
      body: { name: 'acme', region: 'eu', org_id: app.orgId, redirect_urls: ['https://acme.example/cb', 'acme://done'] },
    });
    const path = `/team/${made.body.id}`;
    expect((await ask('GET', path)).body).toEqual(made.body);

    const change = { reject_duplicate_connection: true, push_historical_data: true, logo_url: 'https://acme.example/l.png', name: 'Acme' };
    expect(await ask('PATCH', path, change)).toMatchObject({ status: 200, body: { ...change, region: 'eu' } });
    expect(await world.services.teams.byId(made.body.id)).toMatchObject({ rejectDuplicateConnection: true, pushHistoricalData: true });
    expect(await ask('DELETE', path)).toMatchObject({ status: 200, body: { success: true } });
    expect((await ask('GET', path)).status).toBe(404);
  });

  test('are changed under `production` and `sandbox` as in Vital’s, brand key by key, null taking back', async () => {
    const path = `/team/${await newTeam({ brand_information: { company_name: 'Acme', brand_color: '#fff' } })}`;
    const changed = await ask('PATCH', path, {
      production: { reject_duplicate_connection: true, brand_information: { brand_color: '#000' } },
      sandbox: { reject_duplicate_connection: false, logo_url: 'https://acme.example/l.png' },
    });
    expect(changed.body).toMatchObject({
      reject_duplicate_connection: true,
      brand_information: { company_name: 'Acme', brand_color: '#000' },
      production: { logo_url: 'https://acme.example/l.png' },
    });
    const back = await ask('PATCH', path, { logo_url: null, brand_information: null, name: null });
    expect(back.body).toMatchObject({ logo_url: null, brand_information: null, name: 'a team', reject_duplicate_connection: true });
  });

  test('let links go where their list says from the moment it says so', async () => {
    const user = await app.newUser();
    const url = 'https://elsewhere.example/cb';
    const begin = () => app.call('POST', '/v2/link/token', { body: { user_id: user, redirect_url: url } });
    expect((await begin()).status).toBe(422);
    const { redirect_urls } = (await ask('GET', `/team/${app.teamId}`)).body;
    await ask('PATCH', `/team/${app.teamId}`, { redirect_urls: [...redirect_urls, url] });
    expect((await begin()).status).toBe(200);
  });

  test.each([
    ['nothing', {}, 400],
    ['a redirect that runs', { redirect_urls: ['javascript:alert(1)'] }, 422],
    ['a redirect with a password', { redirect_urls: ['https://a:b@acme.example'] }, 422],
    ['a name of control characters', { name: '\u0007' }, 422],
    ['a setting that is none', { rejectDuplicates: true }, 422],
    ['a logo that is no address', { logo_url: 'logo.png' }, 422],
  ])('are not changed by %s', async (_, change, status) => {
    const before = (await ask('GET', `/team/${app.teamId}`)).body;
    expect((await ask('PATCH', `/team/${app.teamId}`, change)).status).toBe(status);
    expect((await ask('GET', `/team/${app.teamId}`)).body).toEqual(before);
  });

  test('are listed oldest first, page by page, to their own organisation', async () => {
    const ids = [await newTeam({ name: 'Zebra one' }), await newTeam({ name: 'zebra two' })];
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const { body }: Answer = await ask('GET', `/team?limit=1${next && `&next_cursor=${next}`}`);
      seen.push(...body.teams.map(({ id }: { id: string }) => id));
      next = body.next_cursor;
    }
    expect(seen.slice(-2)).toEqual(ids);
    expect(seen[0]).toBe(app.teamId);
    expect(seen).not.toContain(theirs.teamId);
    expect((await ask('GET', '/team?search_query=zebra')).body.teams).toHaveLength(2);
    expect((await ask('GET', '/team?next_cursor=made-up')).status).toBe(422);
  });

  test('with users are not deleted', async () => {
    const id = await newTeam();
    const { value } = await newTeamKey({ team_id: id });
    await send(world.url, 'POST', '/v2/user', { client_user_id: 'somebody' }, { 'x-vital-api-key': value });
    expect((await ask('DELETE', `/team/${id}`)).status).toBe(409);
    expect(await opens(value)).toBe(200);
  });

  test('that are deleted take their keys with them, at once', async () => {
    const id = await newTeam();
    const { value } = await newTeamKey({ team_id: id });
    expect(await opens(value)).toBe(200);
    await ask('DELETE', `/team/${id}`);
    expect(await opens(value)).toBe(401);
  });
});

describe('an integration_team_id', () => {
  test('is one team’s of 20 that ask at once, and free again when it is given back or its team deleted', async () => {
    const name = { integration_team_id: randomUUID() };
    const asked = await Promise.all(Array.from({ length: 20 }, () => ask('POST', '/team', { name: 'racer', ...name })));
    expect(asked.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
    const winner = asked.find(({ status }) => status === 200)?.body.id;
    expect((await ask('GET', '/team?search_query=racer&limit=250')).body.teams).toHaveLength(1);

    const other = await newTeam();
    expect((await ask('PATCH', `/team/${other}`, name)).status).toBe(409);
    expect((await ask('PATCH', `/team/${winner}`, { integration_team_id: randomUUID() })).status).toBe(200);
    expect((await ask('PATCH', `/team/${other}`, name)).status).toBe(200);
    expect((await ask('PATCH', `/team/${winner}`, name)).status).toBe(409);
    await ask('DELETE', `/team/${other}`);
    expect((await ask('PATCH', `/team/${winner}`, name)).body).toMatchObject(name);
  });

  test('of one organisation is nothing to another', async () => {
    const name = { integration_team_id: randomUUID() };
    const { key } = await createKey(world.services, { management: true, org: theirs.orgId, label: '' });
    expect((await ask('PATCH', `/team/${app.teamId}`, name)).status).toBe(200);
    const answer = await send(world.url, 'PATCH', `/v1/org/${theirs.orgId}/team/${theirs.teamId}`, name, { 'x-management-key': key });
    expect(answer.status).toBe(200);
  });

  test('that many changes fight over ends with what the team shows, and blocks nothing else', async () => {
    const id = await newTeam();
    const names = Array.from({ length: 8 }, () => randomUUID());
    await Promise.all(names.map((name) => ask('PATCH', `/team/${id}`, { integration_team_id: name })));
    const shown = (await ask('GET', `/team/${id}`)).body.integration_team_id;
    const held = await world.db.collection('integration_team_ids').find({ teamId: id }).toArray();
    expect(held.map(({ _id }) => String(_id))).toContain(`${app.orgId}:${shown}`);
    await ask('PATCH', `/team/${id}`, { integration_team_id: null });
    expect(await world.db.collection('integration_team_ids').countDocuments({ teamId: id })).toBe(0);
  });
});

describe('team API keys', () => {
  test('are shown once, open what they are for, and are listed without their secret', async () => {
    const made = await ask('POST', KEYS, {
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

    const { body } = await ask('GET', `${KEYS}?team_id=${app.teamId}`);
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
    const answer = await ask('DELETE', `${KEYS}?api_key_id=${id}&api_key_id=${nobody}`);
    expect(answer).toMatchObject({ status: 200, body: { success: [id], failure: [], not_found: [nobody] } });
    expect(await opens(value)).toBe(401);
  });

  test('of another organisation are not found, for a team or by id', async () => {
    const [theirKey] = await world.services.apiKeys.page({ orgId: theirs.orgId, of: 'every team' }, null, 1);
    const id = theirKey?.keyId ?? '';
    expect((await ask('POST', KEYS, { label: '', team_id: theirs.teamId })).status).toBe(404);
    expect((await ask('GET', `${KEYS}?team_id=${theirs.teamId}`)).status).toBe(404);
    expect((await ask('DELETE', `${KEYS}?api_key_id=${id}`)).body).toMatchObject({ not_found: [id] });
    expect(await opens(theirs.apiKey)).toBe(200);
    expect(JSON.stringify((await ask('GET', KEYS)).body)).not.toContain(id);
  });

  test.each([
    ['a scope that is none', { scopes: ['everything'] }],
    ['the scope of management keys', { scopes: ['management'] }],
    ['no scope', { scopes: [] }],
    ['a time that is over', { expires_at: '2020-01-01T00:00:00Z' }],
  ])('are not made with %s', async (_, given) => {
    expect((await ask('POST', KEYS, { label: '', team_id: app.teamId, ...given })).status).toBe(422);
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
    expect(await status('POST', KEYS, { label: '', team_id: bound })).toBe(200);
    expect((await ask('GET', '/team', undefined, key)).body.teams).toHaveLength(1);
    expect((await ask('GET', KEYS, undefined, key)).body.api_keys).toHaveLength(1);
    expect(await status('GET', `/team/${other}`)).toBe(404);
    expect(await status('GET', `/team/${other}/production/webhook`)).toBe(404);
    expect(await status('POST', KEYS, { label: '', team_id: other })).toBe(404);
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

  test('is not made without end', async () => {
    const path = `/team/${await newTeam()}`;
    const answers = await Promise.all(Array.from({ length: 40 }, () => tokenOf(path)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(10);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('data pull preferences', () => {
  const PREFERENCES = '/team_data_pull_preferences/production/us';
  const of = (days: number, glucose?: number) => ({
    dexcom_v3: {
      default: { historical_days_to_pull: days },
      ...(glucose && { resource_overrides: { glucose: { historical_days_to_pull: glucose } } }),
    },
  });

  test('limit a team, glucose’s own number first, and are taken back', async () => {
    const id = await newTeam();
    const days = async () => (await world.services.teams.byId(id))?.pullPreferences.historicalDaysToPull;
    expect(await days()).toBeNull();
    expect((await ask('POST', PREFERENCES, { team_ids: [id], providers: of(90) })).status).toBe(200);
    expect(await days()).toBe(90);
    await ask('POST', PREFERENCES, { team_ids: [id], providers: of(90, 365) });
    expect(await days()).toBe(365);
    expect((await ask('GET', `${PREFERENCES}?team_id=${id}`)).body).toMatchObject({
      data_pull_preferences: [{ team_id: id, providers: of(90, 365) }],
      next_cursor: null,
    });
    await ask('DELETE', `${PREFERENCES}?team_id=${id}&provider=dexcom_v3`);
    expect(await days()).toBeNull();
    expect((await ask('GET', `${PREFERENCES}?team_id=${id}`)).body.data_pull_preferences).toEqual([{ team_id: id, providers: {} }]);
  });

  test.each([
    ['a provider we do not connect', { fitbit: { default: { historical_days_to_pull: 1 } } }],
    ['no day', of(0)],
    ['part of a day', of(1.5)],
  ])('are not set for %s', async (_, providers) => {
    expect((await ask('POST', PREFERENCES, { team_ids: [app.teamId], providers })).status).toBe(422);
  });

  test('of another organisation’s team are neither set, read nor taken back, also beside one of ours', async () => {
    const both = [app.teamId, theirs.teamId];
    expect((await ask('POST', PREFERENCES, { team_ids: both, providers: of(1) })).status).toBe(404);
    expect((await ask('GET', `${PREFERENCES}?team_id=${both.join('&team_id=')}`)).status).toBe(404);
    expect((await ask('DELETE', `${PREFERENCES}?team_id=${both.join('&team_id=')}`)).status).toBe(404);
    expect((await world.services.teams.byId(app.teamId))?.pullPreferences.written).toBeNull();
  });
});

describe('custom credentials', () => {
  const at = (place: string): string => `/team_custom_credentials/${place}`;
  const put = (place: string, given: object): Promise<Answer> =>
    ask('POST', at(place), { team_id: app.teamId, provider: 'dexcom_v3', client_id: 'our-app', client_secret: 'canary-secret', ...given });
  const shown = async (place: string): Promise<{ id: string; client_id: string }[]> =>
    (await ask('GET', `${at(place)}?team_id=${app.teamId}`)).body.credentials;

  test('are what the team’s people consent to in that region, are replaced, and taken back', async () => {
    const { regionsOf, clientFor } = world.services.dexcom;
    const appIn = async (region: 'eu' | 'jp') => (await clientFor({ teamId: app.teamId, region })).clientId;
    expect(await regionsOf(app.teamId)).not.toContain('eu');
    const made = await put('production/eu', { redirect_url_override: 'https://app.example/dexcom' });
    expect(made).toMatchObject({
      status: 200,
      body: { client_id: 'our-app', team_id: app.teamId, source: 'dexcom_v3', redirect_url_override: 'https://app.example/dexcom' },
    });
    expect([await regionsOf(app.teamId), await appIn('eu')]).toEqual([expect.arrayContaining(['eu']), 'our-app']);

    const again = await put('production/eu', { client_id: 'our-next-app' });
    expect([again.body.id, await appIn('eu')]).toEqual([made.body.id, 'our-next-app']);
    expect(await shown('production/eu')).toMatchObject([{ client_id: 'our-next-app' }]);
    expect(await shown('production/us')).toEqual([]);

    const gone = await ask('DELETE', `${at('production/eu')}?credential_id=${made.body.id}`);
    expect(gone.body).toEqual({ success: [made.body.id], failure: [], not_found: [] });
    expect([await shown('production/eu'), (await regionsOf(app.teamId)).includes('eu')]).toEqual([[], false]);
  });

  test('never show their secret, in an answer, the log or the database', async () => {
    const made = await put('production/jp', {});
    const listed = await ask('GET', at('production/jp'));
    const stored = await world.db.collection('dexcom_credentials').find().toArray();
    expect(JSON.stringify([made.body, listed.body, stored]) + world.logged()).not.toContain('canary-secret');
    expect(made.body.client_secret_hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('of Dexcom’s sandbox stand under the environment `sandbox`, whatever the region', async () => {
    await put('sandbox/us', { client_id: 'sandbox-app' });
    expect(await shown('sandbox/eu')).toMatchObject([{ client_id: 'sandbox-app' }]);
    expect((await world.services.dexcom.clientFor({ teamId: app.teamId, region: 'sandbox' })).clientId).toBe('sandbox-app');
  });

  test('begin with the redirect URI that Dexcom must know', async () => {
    const { body } = await ask('POST', '/prepare_team_custom_credentials/production/us', { team_id: app.teamId, provider: 'dexcom_v3' });
    expect(body).toMatchObject({
      status: 'preparations_required',
      preparation_steps: [{ type: 'redirect_uri', key: null, value: `${world.url}/v2/link/connect/dexcom_v3` }],
    });
  });

  test.each([
    ['another provider', { provider: 'fitbit' }],
    ['no secret', { client_secret: '' }],
    ['an id with spaces', { client_id: 'a b' }],
    ['a redirect that is no address', { redirect_url_override: 'callback' }],
  ])('are not taken with %s', async (_, given) => {
    expect((await put('production/us', given)).status).toBe(422);
  });
});

test('a team that is deleted takes its endpoints and credentials with it', async () => {
  const id = await newTeam();
  await ask('POST', `/team/${id}/production/webhook`, { url: 'http://receiver.test:8080/' });
  await ask('POST', '/team_custom_credentials/production/us', { team_id: id, provider: 'dexcom_v3', client_id: 'x', client_secret: 'y' });
  const left = async () => [
    await world.db.collection('webhook_endpoints').countDocuments({ teamId: id }),
    await world.db.collection('dexcom_credentials').countDocuments({ teamId: id }),
  ];
  expect(await left()).toEqual([1, 1]);
  await ask('DELETE', `/team/${id}`);
  expect(await left()).toEqual([0, 0]);
});

test('another organisation’s paths are not found, whatever the case of the id', async () => {
  for (const path of ['/team', '/management_key', KEYS])
    expect((await send(world.url, 'GET', `/v1/org/${theirs.orgId}${path}`, undefined, { 'x-management-key': management })).status).toBe(
      404,
    );
  const upper = await send(world.url, 'GET', `/v1/org/${app.orgId.toUpperCase()}/team`, undefined, { 'x-management-key': management });
  expect(upper.status).toBe(200);
});
