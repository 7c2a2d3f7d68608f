import { randomUUID } from 'node:crypto';
import { createKey } from '../../src/admin/createKey';
import { createTeam } from '../../src/admin/createTeam';
import { type Answer, send } from './apiWorld';
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

test('the case of an organisation’s or a team’s id matters nowhere', async () => {
  const { services, url } = world;
  const { teamId, orgId } = await createTeam(services.teams, { name: 'a team', redirectUrl: [], org: `Acme-${randomUUID()}` });
  expect(orgId).toBe(orgId.toLowerCase());
  const { key } = await createKey(services, { management: true, org: orgId.toUpperCase(), bind: [teamId], label: 'a key' });
  const { key: teamKey } = await createKey(services, { team: teamId, label: 'a key' });

  for (const path of [`/v1/org/${orgId}/team/${teamId}`, `/v1/org/${orgId}/team/${teamId}/production/webhook`])
    for (const org of [orgId, orgId.toUpperCase(), orgId.replace('acme', 'Acme')])
      for (const team of [teamId, teamId.toUpperCase()]) {
        const asked = path.replace(orgId, org).replace(teamId, team);
        expect([asked, (await send(url, 'GET', asked, undefined, { 'x-management-key': key })).status]).toEqual([asked, 200]);
      }
  const webhooks = `/v1/org/${orgId.toUpperCase()}/team/${teamId.toUpperCase()}/production/webhook`;
  expect((await send(url, 'GET', webhooks, undefined, { 'x-vital-api-key': teamKey })).status).toBe(200);
});

test('an organisation kept in capitals by an older release is found as well', async () => {
  const { services, url, db } = world;
  const { teamId, orgId } = await createTeam(services.teams, { name: 'a team', redirectUrl: [], org: randomUUID() });
  const kept = orgId.toUpperCase();
  await db.collection<{ _id: string }>('teams').updateOne({ _id: teamId }, { $set: { orgId: kept } });
  const { key } = await createKey(services, { management: true, org: orgId, label: 'a key' });

  for (const org of [orgId, kept])
    for (const path of [`/v1/org/${org}/team/${teamId}`, `/v1/org/${org}/team/${teamId}/production/webhook`])
      expect([path, (await send(url, 'GET', path, undefined, { 'x-management-key': key })).status]).toEqual([path, 200]);
});

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

test('a team that is deleted takes its endpoints, credentials and bulk operations with it', async () => {
  const id = await newTeam();
  await ask('POST', `/team/${id}/production/webhook`, { url: 'http://receiver.test:8080/' });
  await ask('POST', '/team_custom_credentials/production/us', { team_id: id, provider: 'dexcom_v3', client_id: 'x', client_secret: 'y' });
  const left = async () => [
    await world.db.collection('webhook_endpoints').countDocuments({ teamId: id }),
    await world.db.collection('dexcom_credentials').countDocuments({ teamId: id }),
    await world.db.collection('bulk_operations').countDocuments({ teamId: id }),
  ];
  const bulk = { _id: randomUUID(), teamId: id, type: 'link_bulk_import', startedAt: 1, endedAt: null, items: [] } as const;
  await world.services.bulkOperations.insert(bulk);
  expect(await left()).toEqual([1, 1, 1]);
  await ask('DELETE', `/team/${id}`);
  expect(await left()).toEqual([0, 0, 0]);
});

test('another organisation’s paths are not found, whatever the case of the id', async () => {
  for (const path of ['/team', '/management_key', TEAM_KEYS])
    expect((await send(world.url, 'GET', `/v1/org/${theirs.orgId}${path}`, undefined, { 'x-management-key': management })).status).toBe(
      404,
    );
  const upper = await send(world.url, 'GET', `/v1/org/${app.orgId.toUpperCase()}/team`, undefined, { 'x-management-key': management });
  expect(upper.status).toBe(200);
});
