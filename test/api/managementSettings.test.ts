import type { Answer } from './apiWorld';
import { type Management, openManagement } from './managementWorld';

let world: Management['world'];
let app: Management['app'];
let theirs: Management['theirs'];
let ask: Management['ask'];
let newTeam: Management['newTeam'];

beforeAll(async () => {
  ({ world, app, theirs, ask, newTeam } = await openManagement());
});
afterAll(() => world?.close());

describe('data pull preferences', () => {
  const PREFERENCES = '/team_data_pull_preferences/production/us';
  const of = (days: number, glucose?: number) => ({
    dexcom_v3: {
      default: { historical_days_to_pull: days },
      ...(glucose && { resource_overrides: { glucose: { historical_days_to_pull: glucose } } }),
    },
  });

  test.each(['GET', 'DELETE'] as const)('%s names an id that is none, and says what is taken', async (method) => {
    const { status, body } = await ask(method, `${PREFERENCES}?team_id=x`);
    expect({ status, detail: body.detail }).toMatchObject({
      status: 422,
      detail: [{ loc: ['query', 'team_id'], msg: 'Not the id of a team, nor several' }],
    });
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
