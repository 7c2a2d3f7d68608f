import { createDexcomApps } from '../../src/dexcom/apps';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { DexcomCredentials } from '../../src/storage/dexcomCredentials';
import { APP_URL, keyring } from '../api/apiWorld';
import { openGate } from '../dexcom/dexcomClient';
import { pullOnce } from '../sync/syncWorld';
import { errorType, type LinkWorld, openLinkWorld, refreshOnce, SUCCESS, syncDepsOf } from './linkWorld';

const HOUR_MS = 3_600_000;

let world: LinkWorld;
let credentials: DexcomCredentials;

beforeAll(async () => {
  world = await openLinkWorld();
  credentials = new DexcomCredentials(world.db, keyring);
});
afterAll(() => world?.close());

describe('an app that the team brought along', () => {
  const own = { clientId: 'own-app', clientSecret: 'own-secret' };
  const newer = { clientId: 'newer-app', clientSecret: 'newer-secret' };
  const registered = async (app: typeof own): Promise<void> => {
    await world.simulator.control.putApp({ ...app, redirectUris: [`${world.url}/v2/link/connect/dexcom_v3`] });
  };
  const consentTo = async (userId: string): Promise<ConnectionDoc> => {
    const link = await world.begin(userId, { region: 'simulator' });
    const { headers } = await world.open(await world.approve(link));
    expect(headers.get('location')).toBe(SUCCESS);
    return world.connectionOf(userId);
  };
  const issuerOf = async ({ _id }: ConnectionDoc) => (await world.grantOf(_id)).issuer?.clientId;

  test('is consented to in place of the operator’s, by its own people only', async () => {
    await registered(own);
    await credentials.put(world.app.teamId, 'simulator', own);
    expect(await issuerOf(await consentTo(await world.app.newUser()))).toBe('own-app');

    const other = await world.newApp();
    const { body } = await other.call('POST', '/v2/link/token', {
      body: { user_id: await other.newUser(), provider: 'dexcom_v3', region: 'simulator' },
    });
    const { headers } = await world.open(body.link_web_url);
    expect(new URL(headers.get('location') ?? '').searchParams.get('client_id')).toBe(world.simulator.clientId);
  });

  test('goes on renewing what it issued when it is replaced or withdrawn: nobody is disconnected', async () => {
    await Promise.all([registered(own), registered(newer)]);
    await credentials.put(world.app.teamId, 'simulator', own);
    const first = await consentTo(await world.app.newUser());
    await credentials.put(world.app.teamId, 'simulator', newer);
    const second = await consentTo(await world.app.newUser());
    await credentials.withdraw(world.app.teamId, 'simulator');
    const third = await consentTo(await world.app.newUser());

    expect(await Promise.all([first, second, third].map(issuerOf))).toEqual(['own-app', 'newer-app', world.simulator.clientId]);
    for (const connection of [first, second, third])
      expect(await refreshOnce(syncDepsOf(world), connection)).toMatchObject({ kind: 'refreshed' });
  });

  test('replaced or withdrawn while somebody is at its sign-in gets the code that was made for it', async () => {
    await Promise.all([registered(own), registered(newer)]);
    const userId = await world.app.newUser();
    for (const change of [
      () => credentials.put(world.app.teamId, 'simulator', newer),
      () => credentials.withdraw(world.app.teamId, 'simulator'),
    ]) {
      await credentials.put(world.app.teamId, 'simulator', own);
      const callback = await world.approve(await world.begin(userId, { region: 'simulator' }));
      await change();
      expect((await world.open(callback)).headers.get('location')).toBe(SUCCESS);
      expect(await issuerOf(await world.connectionOf(userId))).toBe('own-app');
    }
  });

  test('replaced after the link was made is not signed in to any more, and the code goes where the person did', async () => {
    await Promise.all([registered(own), registered(newer)]);
    await credentials.put(world.app.teamId, 'simulator', own);
    const userId = await world.app.newUser();
    const link = await world.begin(userId, { region: 'simulator' });
    await credentials.put(world.app.teamId, 'simulator', newer);
    const callback = await world.approve(link);
    await credentials.withdraw(world.app.teamId, 'simulator');
    expect((await world.open(callback)).headers.get('location')).toBe(SUCCESS);
    expect(await issuerOf(await world.connectionOf(userId))).toBe('newer-app');
  });

  test('forgotten while somebody is at its sign-in is said to be an interruption: the same link leads to the one that is there now', async () => {
    const team = await world.newApp();
    await registered(own);
    await credentials.put(team.teamId, 'simulator', own);
    const request = { user_id: await team.newUser(), provider: 'dexcom_v3', region: 'simulator', redirect_url: APP_URL };
    const { body } = await team.call('POST', '/v2/link/token', { body: request });
    const link = { token: body.link_token, webUrl: body.link_web_url };
    const callback = await world.approve(link);
    await credentials.removeAllOf(team.teamId);
    expect(errorType((await world.open(callback)).headers.get('location'))).toBe('token_not_validated');
    expect((await world.open(await world.approve(link))).headers.get('location')).toBe(SUCCESS);
  });

  test('that nobody knows any more sends nothing and ends nothing: the sync fails as the operator’s trouble', async () => {
    const connection = await consentTo(await world.app.newUser());
    const simulator = { region: 'simulator', baseUrl: world.simulator.url, ...newer } as const;
    const forgetful = createDexcomApps({ current: [simulator], former: [] }, credentials, openGate);
    const deps = { ...syncDepsOf(world), dexcom: forgetful };
    const now = Date.now();
    await expect(refreshOnce(deps, connection)).rejects.toMatchObject({ type: 'ClientRejected' });
    await expect(pullOnce(deps, connection, { purpose: 'live', from: now - HOUR_MS, to: now })).rejects.toMatchObject({
      type: 'ClientRejected',
    });
    expect(await world.grantOf(connection._id)).toMatchObject({ intent: null, needsReauth: null });
    await forgetful.close();

    const remembering = createDexcomApps(
      { current: [simulator], former: [{ ...simulator, clientId: world.simulator.clientId, clientSecret: world.simulator.clientSecret }] },
      credentials,
      openGate,
    );
    expect(await refreshOnce({ ...syncDepsOf(world), dexcom: remembering }, connection)).toMatchObject({ kind: 'refreshed' });
    await remembering.close();
  });

  test('may have a callback of its own that sends browsers on to ours', async () => {
    const redirectUri = 'https://app.example/oauth/dexcom';
    const hosted = { clientId: 'hosted-app', clientSecret: 'hosted-secret' };
    await world.simulator.control.putApp({ ...hosted, redirectUris: [redirectUri] });
    await credentials.put(world.app.teamId, 'simulator', { ...hosted, redirectUri });
    const link = await world.begin(await world.app.newUser(), { region: 'simulator' });
    const sentTo = new URL(await world.approve(link));
    expect(`${sentTo.origin}${sentTo.pathname}`).toBe(redirectUri);
    const passedOn = await world.open(`${world.url}/v2/link/connect/dexcom_v3${sentTo.search}`);
    expect(passedOn.headers.get('location')).toBe(SUCCESS);
    await credentials.withdraw(world.app.teamId, 'simulator');
  });

  test('that is withdrawn leaves a link made for its region refused in words, wherever it is opened', async () => {
    const team = await world.newApp();
    await credentials.put(team.teamId, 'sandbox', own);
    const { body } = await team.call('POST', '/v2/link/token', {
      body: { user_id: await team.newUser(), provider: 'dexcom_v3', region: 'sandbox', redirect_url: APP_URL },
    });
    await credentials.withdraw(team.teamId, 'sandbox');

    const refused = {
      status: 400,
      body: { detail: { error_type: 'INVALID_REQUEST', error_message: expect.stringContaining('this region') } },
    };
    const link_token = body.link_token;
    const headers = { 'x-vital-link-token': link_token };
    expect(await team.call('GET', '/v2/link/provider/oauth/dexcom_v3', { headers })).toMatchObject(refused);
    expect(await team.call('POST', '/v2/link/start', { body: { link_token, provider: 'dexcom_v3' } })).toMatchObject(refused);
    expect(errorType((await world.open(body.link_web_url)).headers.get('location'))).toBe('unsupported_region');
  });

  test('makes a region of its own known to its people', async () => {
    const team = await world.newApp();
    await credentials.put(team.teamId, 'sandbox', own);
    expect(await world.services.dexcom.regionsOf(team.teamId)).toEqual(['simulator', 'sandbox']);
    expect(await world.services.dexcom.regionsOf(world.app.teamId)).toEqual(['simulator']);
    const { body } = await team.call('POST', '/v2/link/token', {
      body: { user_id: await team.newUser(), provider: 'dexcom_v3', region: 'sandbox', redirect_url: APP_URL },
    });
    const { headers } = await world.open(body.link_web_url);
    expect(headers.get('location')).toMatch(/^https:\/\/sandbox-api\.dexcom\.com\/v3\/oauth2\/login\?client_id=own-app&/);
  });
});
