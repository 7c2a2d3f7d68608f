import { APP_URL } from '../api/apiWorld';
import { type Link, type LinkWorld, openLinkWorld, SUCCESS } from './linkWorld';

const MINUTE_MS = 60_000;

let world: LinkWorld;
let userId: string;

beforeAll(async () => {
  world = await openLinkWorld();
});
beforeEach(async () => {
  userId = await world.app.newUser();
});
afterAll(() => world?.close());

const sessions = () => world.db.collection<{ _id: string }>('link_sessions');
const idOf = async (link: Link): Promise<string> => (await world.sessionOf(link))._id;
const errorOf = async (url: string) => new URL((await world.open(url)).headers.get('location') ?? '').searchParams.get('error_type');
const age = async (link: Link, ms: number): Promise<void> => {
  await sessions().updateOne({ _id: await idOf(link) }, { $inc: { createdAt: -ms, expiresAt: -ms } });
};

describe('a link asked for again with the same words', () => {
  test('is the same one, however many ask at once, and good for sixty minutes from the last', async () => {
    const links = await Promise.all(Array.from({ length: 20 }, () => world.begin(userId)));
    expect(new Set(await Promise.all(links.map(idOf))).size).toBe(1);
    expect(await sessions().countDocuments({ userId })).toBe(1);

    const [first] = links;
    if (!first) throw new Error('no link');
    await age(first, 4 * MINUTE_MS);
    const again = await world.begin(userId);
    expect(await idOf(again)).toBe(await idOf(first));
    const { expiresAt } = await world.sessionOf(again);
    expect(expiresAt - Date.now()).toBeGreaterThan(59 * MINUTE_MS);
    for (const { webUrl } of [first, again]) expect((await world.open(webUrl)).status).toBe(302);
  });

  test('is the same one after a person has refused', async () => {
    const link = await world.begin(userId);
    const departure = (await world.open(link.webUrl)).headers.get('location') ?? '';
    expect(await errorOf(await world.simulator.refuse(departure, world.people[0]))).toBe('user_cancelled');
    const again = await world.begin(userId);
    expect(await idOf(again)).toBe(await idOf(link));
    expect((await world.open(await world.approve(again))).headers.get('location')).toBe(SUCCESS);
  });

  test.each<[string, (link: Link) => Promise<unknown>]>([
    ['has connected', async (link) => world.open(await world.approve(link))],
    ['has had a code that failed', (link) => world.open(`${world.url}/v2/link/connect/dexcom_v3?code=made-up&state=${link.token}`)],
    ['is five minutes old', (link) => age(link, 5 * MINUTE_MS)],
    ['has expired', (link) => age(link, 60 * MINUTE_MS)],
  ])('is another one if the first %s', async (_, happens) => {
    const link = await world.begin(userId);
    await happens(link);
    const again = await world.begin(userId);
    expect(await idOf(again)).not.toBe(await idOf(link));
    expect((await world.open(await world.approve(again))).headers.get('location')).toBe(SUCCESS);
    expect(await world.services.connections.ofUser(world.app.teamId, userId)).toHaveLength(1);
  });
});

test('an expired link token opens nothing, though a later link has the id of its session', async () => {
  const first = await world.begin(userId);
  const firstId = await idOf(first);
  await age(first, 60 * MINUTE_MS);
  await world.services.linkSessions.purge(Date.now());
  const later = await world.begin(userId);
  const { _id: sessionId, teamId } = await world.sessionOf(later);
  expect(sessionId).toBe(firstId);
  const token = await world.services.linkTokens.issue({ sessionId, teamId, userId, expiresAt: Date.now() - MINUTE_MS, path: {} });

  expect(await errorOf(`${world.url}/link?token=${token}`)).toBe('token_expired');
  const callback = new URL(await world.approve(later));
  callback.searchParams.set('state', token);
  expect(await errorOf(callback.href)).toBe('token_expired');
  expect((await world.app.call('POST', '/v2/link/token/isValid', { body: { token } })).body).toEqual({ is_valid: false });
  const headers = { 'x-vital-link-token': token };
  expect((await world.app.call('GET', '/v2/link/provider/oauth/dexcom_v3', { headers })).status).toBe(401);

  callback.searchParams.set('state', later.token);
  expect((await world.open(callback.href)).headers.get('location')).toBe(SUCCESS);
});

test('links asked for with other words, or for somebody else, are others', async () => {
  const wishes = [
    {},
    { provider: null },
    { provider: null, filter_on_providers: ['dexcom_v3'] },
    { region: 'simulator' },
    { redirect_url: null },
    { redirect_url: `${APP_URL}?tab=2` },
    { on_close: 'redirect' },
  ];
  const others = [await world.app.newUser(), await world.app.newUser()];
  const links = [
    ...(await Promise.all(wishes.map((wish) => world.begin(userId, wish)))),
    ...(await Promise.all(others.map((id) => world.begin(id)))),
  ];
  expect(new Set(await Promise.all(links.map(idOf))).size).toBe(wishes.length + others.length);
});
