import { type Link, type LinkWorld, openLinkWorld, SUCCESS } from '../connect/linkWorld';
import { type Simulator, startSimulator } from '../simulator';

/** dexcom-api.md §9, what may befall a sign-in: the API, and two regions that are a simulated Dexcom each. */
describe('signing in', () => {
  let world: LinkWorld;
  let europe: Simulator;

  beforeAll(async () => {
    europe = await startSimulator({ people: 0 });
    await europe.control.addPerson({ id: 'european', historyDays: 1 });
    world = await openLinkWorld({ elsewhere: { eu: europe } });
  });
  afterAll(async () => {
    await Promise.all([world?.close(), europe?.stop()]);
  });

  const signIn = async ({ webUrl }: Pick<Link, 'webUrl'>, region: string): Promise<string> =>
    (await world.open(`${webUrl}&region=${region}`)).headers.get('location') ?? '';
  const exchanges = async (): Promise<number> => (await world.simulator.control.calls({ endpoint: 'token' })).length;
  const outcomeOf = async (url: string): Promise<string> => {
    const sentTo = new URL((await world.open(url)).headers.get('location') ?? '');
    return sentTo.searchParams.get('error_type') ?? sentTo.searchParams.get('state') ?? '';
  };
  const regionsOf = async (userId: string) =>
    (await world.services.connections.ofUser(world.app.teamId, userId)).map(({ region }) => region);

  test('survival 9: who chose the wrong region is told so by the page, and connects in another one from there', async () => {
    const userId = await world.app.newUser();
    const link = await world.begin(userId, { redirect_url: null });
    // At Dexcom it only looks like a wrong password, so the person comes back without a consent.
    const { body } = await world.open(await world.simulator.refuse(await signIn(link, 'simulator'), world.people[0]));
    expect(body).toMatch(/password not accepted\?/i);
    const again = /<a class="action" href="([^"]+)">Try again</.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const departure = await signIn({ webUrl: again }, 'eu');
    expect((await world.open(await europe.approve(departure, 'european'))).body).toContain('<h1>Connected</h1>');
    expect(await regionsOf(userId)).toEqual(['eu']);
  });

  test('survival 10: a state is verified, of one session and used once; a code is sent once, whatever becomes of it', async () => {
    const [userId, stranger] = [await world.app.newUser(), await world.app.newUser()];
    const link = await world.begin(userId, { region: 'simulator' });
    const callback = new URL(await world.approve(link));
    const other = await world.approve(await world.begin(stranger, { region: 'simulator' }), world.people[1]);

    const forged = new URL(callback);
    forged.searchParams.set('state', `${link.token.slice(0, -3)}abc`);
    const before = await exchanges();
    expect((await world.open(forged.href)).status).toBeGreaterThanOrEqual(400);
    expect(await exchanges()).toBe(before);

    expect(await outcomeOf(other)).toBe('success');
    const spent = await exchanges();
    const replayed = new URL(callback);
    replayed.searchParams.set('code', new URL(other).searchParams.get('code') ?? '');
    expect(await outcomeOf(replayed.href)).toBe('provider_credential_error');
    expect(await exchanges()).toBe(spent + 1);

    await world.simulator.control.addFault({ endpoints: ['token'], kind: 'status', status: 503 });
    expect(await outcomeOf(callback.href)).toBe('provider_api_error');
    expect(await outcomeOf(callback.href)).toBe('token_not_validated');
    expect(await exchanges()).toBe(spent + 2);

    await world.simulator.control.settings({ codeLifeSeconds: 0.001 });
    expect(await outcomeOf(await world.approve(link))).toBe('provider_credential_error');
    expect(await exchanges()).toBe(spent + 3);
    await world.simulator.control.settings({ codeLifeSeconds: 60 });

    const good = await world.approve(link);
    expect((await world.open(good)).headers.get('location')).toBe(SUCCESS);
    expect((await world.open(good)).headers.get('location')).toBe(SUCCESS);
    expect(await exchanges()).toBe(spent + 4);
    expect(await regionsOf(userId)).toEqual(['simulator']);
  });
});
