import { createDexcomApps } from '../../src/dexcom/apps';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { DexcomCredentials } from '../../src/storage/dexcomCredentials';
import type { SyncDeps } from '../../src/sync/deps';
import { refreshGrant } from '../../src/sync/refreshGrant';
import { APP_URL, keyring } from '../api/apiWorld';
import { openGate } from '../dexcom/dexcomClient';
import { type Simulator, startSimulator } from '../simulator';
import { pullOnce } from '../sync/syncWorld';
import { type Link, type LinkWorld, openLinkWorld, SUCCESS, syncDepsOf } from './linkWorld';

const HOUR_MS = 3_600_000;

/** Two regions, each a Dexcom of its own with people of its own: `simulator`, which is the default, and `eu`. */
let world: LinkWorld;
let europe: Simulator;
let european: string;
let credentials: DexcomCredentials;

beforeAll(async () => {
  europe = await startSimulator({ people: 0 });
  european = 'somebody-european';
  await europe.control.addPerson({ id: european, historyDays: 3 });
  world = await openLinkWorld({ elsewhere: { eu: europe } });
  credentials = new DexcomCredentials(world.db, keyring);
});
afterAll(async () => {
  await Promise.all([world?.close(), europe?.stop()]);
});

const errorType = (location: string | null): string | null => new URL(location ?? '').searchParams.get('error_type');
const signIn = async (link: Link, region: string): Promise<string> =>
  (await world.open(`${link.webUrl}&region=${region}`)).headers.get('location') ?? '';
const connectionOf = async (userId: string): Promise<ConnectionDoc> => {
  const [connection] = await world.services.connections.ofUser(world.app.teamId, userId);
  if (!connection) throw new Error('no connection');
  return connection;
};
const refresh = (deps: SyncDeps, { _id }: ConnectionDoc) =>
  refreshGrant(deps, { connectionId: _id, step: 'spend', attemptsLeft: 0, sendBefore: Infinity });

describe('where there are several regions', () => {
  test('the person chooses, by links that say whose each is, and reads beforehand how a wrong one shows', async () => {
    const link = await world.begin(await world.app.newUser());
    const { status, headers, body } = await world.open(link.webUrl);
    expect(status).toBe(200);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect([...body.matchAll(/<a class="action" href="[^"]+&amp;region=(\w+)"/g)].map(([, region]) => region)).toEqual(['simulator', 'eu']);
    expect(body).toContain('any country but the United States and Japan');
    expect(body).toMatch(/In the wrong one it says that your user name or password is not correct/);
    expect(body).not.toMatch(/<script|<img|<link|src=|url\(|\son\w+=/);
  });

  test('who chooses one is connected, renewed and read there', async () => {
    const userId = await world.app.newUser();
    const link = await world.begin(userId);
    const authorizeUrl = await signIn(link, 'eu');
    expect(authorizeUrl.startsWith(`${europe.url}/v3/oauth2/login?`)).toBe(true);
    expect((await world.open(await europe.approve(authorizeUrl, european))).headers.get('location')).toBe(SUCCESS);

    const connection = await connectionOf(userId);
    expect(connection.region).toBe('eu');
    expect((await world.grantOf(connection._id)).issuer).toEqual({ region: 'eu', clientId: europe.clientId });
    const before = await europe.control.calls({});
    expect(await refresh(syncDepsOf(world), connection)).toMatchObject({ kind: 'refreshed' });
    const now = Date.now();
    expect(await pullOnce(syncDepsOf(world), connection, { purpose: 'live', from: now - 24 * HOUR_MS, to: now })).toBeDefined();
    const since = (await europe.control.calls({})).slice(before.length).map(({ endpoint }) => endpoint);
    expect(since.toSorted()).toEqual(['egvs', 'events', 'token']);
  });

  test('each of two tabs comes back to the region it left for', async () => {
    const userId = await world.app.newUser();
    const [one, other] = [await world.begin(userId), await world.begin(userId, { redirect_url: `${APP_URL}/other` })];
    const [here, there] = [await signIn(one, 'simulator'), await signIn(other, 'eu')];
    const later = await signIn(one, 'eu');
    expect(later.startsWith(europe.url)).toBe(true);
    expect((await world.open(await world.simulator.approve(here, world.people[0]))).headers.get('location')).toBe(SUCCESS);
    const sentOn = (await world.open(await europe.approve(there, european))).headers.get('location');
    expect(sentOn).toBe(`${APP_URL}/other?state=success`);
    const connections = await world.services.connections.ofUser(world.app.teamId, userId);
    expect(connections.map(({ region, desired }) => [region, desired])).toEqual([
      ['simulator', 'disconnected'],
      ['eu', 'running'],
    ]);
  });

  test('an app that knows the region spares the person the choice, on the page and on one of its own', async () => {
    const link = await world.begin(await world.app.newUser(), { region: 'eu' });
    const departure = await world.open(link.webUrl);
    expect([departure.status, departure.headers.get('location')?.startsWith(europe.url)]).toEqual([302, true]);

    const { body } = await world.app.call('GET', '/v2/link/provider/oauth/dexcom_v3', { headers: { 'x-vital-link-token': link.token } });
    expect(body.oauth_url.startsWith(europe.url)).toBe(true);
    expect((await world.open(await europe.approve(body.oauth_url, european))).headers.get('location')).toBe(SUCCESS);
  });

  test('who comes back from a sign-in without a consent reads that it may have been the wrong region, or the only one', async () => {
    const link = await world.begin(await world.app.newUser());
    const told = async (url: string) => new URL((await world.open(url)).headers.get('location') ?? '').searchParams.get('error');
    expect(await told(await europe.refuse(await signIn(link, 'eu'), european))).toMatch(/password not accepted\? .* choose another\.$/);

    const there = await world.begin(await world.app.newUser(), { region: 'eu' });
    const departure = (await world.open(there.webUrl)).headers.get('location') ?? '';
    expect(await told(await europe.refuse(departure, european))).toMatch(/only Dexcom accounts made in any country but the United States/);
  });

  test('who chose the wrong one tries again from the page that says so, and is connected in the other', async () => {
    const userId = await world.app.newUser();
    const link = await world.begin(userId, { redirect_url: null });
    const { body } = await world.open(await europe.refuse(await signIn(link, 'eu'), european));
    const again = /<a class="action" href="([^"]+)">Try again</.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const departure = await signIn({ ...link, webUrl: again }, 'simulator');
    expect((await world.open(await world.simulator.approve(departure, world.people[0]))).body).toContain('<h1>Connected</h1>');
    expect((await connectionOf(userId)).region).toBe('simulator');
  });

  test('a page of the app’s own that says nothing leads to the default region', async () => {
    const { token } = await world.begin(await world.app.newUser());
    const { body } = await world.app.call('GET', '/v2/link/provider/oauth/dexcom_v3', { headers: { 'x-vital-link-token': token } });
    expect(body.oauth_url.startsWith(world.simulator.url)).toBe(true);
  });

  test('a region that is not offered is refused where the link is made, and told where it is opened', async () => {
    const userId = await world.app.newUser();
    const refused = await world.app.call('POST', '/v2/link/token', { body: { user_id: userId, region: 'jp' } });
    expect([refused.status, refused.body.detail[0].loc]).toEqual([422, ['body', 'region']]);

    const link = await world.begin(userId);
    const told = await world.open(`${link.webUrl}&region=jp`);
    expect([told.status, errorType(told.headers.get('location'))]).toEqual([307, 'unsupported_region']);

    const { _id } = await world.sessionOf(link);
    await world.db
      .collection<{ _id: string }>('link_sessions')
      .updateOne({ _id }, { $set: { region: 'jp', app: { region: 'jp', clientId: 'gone' } } });
    expect(errorType((await world.open(link.webUrl)).headers.get('location'))).toBe('unsupported_region');
    const callback = await world.open(`${world.url}/v2/link/connect/dexcom_v3?code=x&state=${link.token}`);
    expect(errorType(callback.headers.get('location'))).toBe('unsupported_region');
    const refusal = await world.open(`${world.url}/v2/link/connect/dexcom_v3?error=access_denied&state=${link.token}`);
    expect(refusal.headers.get('location')).not.toContain('password');
    expect((await world.sessionOf(link)).step).toEqual({ kind: 'open' });
  });
});

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
    return connectionOf(userId);
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
      expect(await refresh(syncDepsOf(world), connection)).toMatchObject({ kind: 'refreshed' });
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
      expect(await issuerOf(await connectionOf(userId))).toBe('own-app');
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
    expect(await issuerOf(await connectionOf(userId))).toBe('newer-app');
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
    await expect(refresh(deps, connection)).rejects.toMatchObject({ type: 'ClientRejected' });
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
    expect(await refresh({ ...syncDepsOf(world), dexcom: remembering }, connection)).toMatchObject({ kind: 'refreshed' });
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
    expect(await world.services.dexcom.regionsOf(team.teamId)).toEqual(['simulator', 'eu', 'sandbox']);
    expect(await world.services.dexcom.regionsOf(world.app.teamId)).toEqual(['simulator', 'eu']);
    const { body } = await team.call('POST', '/v2/link/token', {
      body: { user_id: await team.newUser(), provider: 'dexcom_v3', region: 'sandbox', redirect_url: APP_URL },
    });
    const { headers } = await world.open(body.link_web_url);
    expect(headers.get('location')).toMatch(/^https:\/\/sandbox-api\.dexcom\.com\/v3\/oauth2\/login\?client_id=own-app&/);
  });
});
