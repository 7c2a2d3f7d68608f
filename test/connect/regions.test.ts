import { APP_URL } from '../api/apiWorld';
import { type Simulator, startSimulator } from '../simulator';
import { pullOnce } from '../sync/syncWorld';
import { errorType, type Link, type LinkWorld, openLinkWorld, refreshOnce, SUCCESS, syncDepsOf } from './linkWorld';

const HOUR_MS = 3_600_000;

/** Two regions, each a Dexcom of its own with people of its own: `simulator`, which is the default, and `eu`. */
let world: LinkWorld;
let europe: Simulator;
let european: string;

beforeAll(async () => {
  europe = await startSimulator({ people: 0 });
  european = 'somebody-european';
  await europe.control.addPerson({ id: european, historyDays: 3 });
  world = await openLinkWorld({ elsewhere: { eu: europe } });
});
afterAll(async () => {
  await Promise.all([world?.close(), europe?.stop()]);
});

const signIn = async (link: Link, region: string): Promise<string> =>
  (await world.open(`${link.webUrl}&region=${region}`)).headers.get('location') ?? '';

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

    const connection = await world.connectionOf(userId);
    expect(connection.region).toBe('eu');
    expect((await world.grantOf(connection._id)).issuer).toEqual({ region: 'eu', clientId: europe.clientId });
    const before = await europe.control.calls({});
    expect(await refreshOnce(syncDepsOf(world), connection)).toMatchObject({ kind: 'refreshed' });
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
    expect((await world.connectionOf(userId)).region).toBe('simulator');
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
