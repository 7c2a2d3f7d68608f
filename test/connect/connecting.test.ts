import { APP_URL } from '../api/apiWorld';
import { accessTokenOf, type LinkWorld, openLinkWorld, SUCCESS } from './linkWorld';

let world: LinkWorld;

beforeAll(async () => {
  world = await openLinkWorld();
});
afterAll(() => world?.close());

describe('connecting a person, redirect by redirect', () => {
  test('ends with one connection, its grant, its event and its workflow', async () => {
    const { app, services } = world;
    const userId = await app.newUser('connects');
    const link = await world.begin(userId);

    const page = await world.open(link.webUrl);
    expect(page.status).toBe(302);
    const authorize = new URL(page.headers.get('location') ?? '');
    expect(`${authorize.origin}${authorize.pathname}`).toBe(`${world.simulator.url}/v3/oauth2/login`);
    expect(Object.fromEntries(authorize.searchParams)).toEqual({
      client_id: world.simulator.clientId,
      redirect_uri: `${world.url}/v2/link/connect/dexcom_v3`,
      response_type: 'code',
      scope: 'offline_access',
      state: link.token,
    });

    const done = await world.open(await world.simulator.approve(authorize.href, world.people[0]));
    expect([done.status, done.headers.get('location')]).toEqual([307, SUCCESS]);

    const [connection, ...others] = await services.connections.ofUser(app.teamId, userId);
    expect(others).toEqual([]);
    expect(connection).toMatchObject({ desired: 'running', clientUserId: 'connects', provider: 'dexcom_v3', readings: 0 });
    const connectionId = connection?._id ?? '';
    const grant = await world.grantOf(connectionId);
    expect(grant.issuer).toEqual({ region: 'simulator', clientId: world.simulator.clientId });
    const { userId: dexcomUserId, egvs } = await (await world.issuerOf(grant)).dataRange(accessTokenOf(grant));
    expect(connection?.dexcomUserId).toBe(dexcomUserId);
    expect(connection?.backfill).toMatchObject({ floor: egvs?.start, ceiling: connection?.liveFrom, windowsTotal: 1, endedAt: null });

    const [message, ...more] = await services.outbox.messages.undispatchedOf(connectionId, 9);
    expect([message, more]).toEqual([undefined, []]);
    const stored = await world.db.collection('messages').findOne({ connectionId });
    expect(JSON.parse(stored?.body)).toMatchObject({
      event_type: 'provider.connection.created',
      user_id: userId,
      client_user_id: 'connects',
      team_id: app.teamId,
      data: { provider: { slug: 'dexcom_v3' }, source: { slug: 'dexcom_v3' }, external_user_id: dexcomUserId, reconnected: false },
    });

    expect(await services.workflows.isRunning(connectionId)).toBe(true);
    expect(await world.sessionOf(link)).toMatchObject({ unfinished: false, step: { kind: 'consumed', tokens: null, connectionId } });

    const { body } = await app.call('GET', `/v2/user/providers/${userId}`);
    expect(body.providers).toMatchObject([
      {
        name: 'Dexcom',
        slug: 'dexcom_v3',
        status: 'connected',
        external_user_id: dexcomUserId,
        error_details: null,
        connection_id: connectionId,
      },
    ]);
    const user = (await app.call('GET', `/v2/user/${userId}`)).body;
    expect(user.connected_sources).toMatchObject([{ provider: { slug: 'dexcom_v3' }, source: { slug: 'dexcom_v3' } }]);
  });

  test('leaves no token readable in the database, the logs or any answer', async () => {
    const userId = await world.app.newUser();
    const link = await world.connect(userId);
    const [connection] = await world.services.connections.ofUser(world.app.teamId, userId);
    const grant = await world.grantOf(connection?._id ?? '');

    const secrets = [accessTokenOf(grant), link.token, 'simulated-secret', world.app.apiKey];
    const stored = await Promise.all(
      (await world.db.listCollections().toArray()).map(({ name }) => world.db.collection(name).find().toArray()),
    );
    for (const secret of secrets) {
      expect(JSON.stringify(stored)).not.toContain(secret);
      expect(world.logged()).not.toContain(secret);
    }
    expect(world.logged()).toContain('/v2/link/connect/');
  });

  test('a person who refuses comes back to the app as one who cancelled, and may try again', async () => {
    const userId = await world.app.newUser();
    const link = await world.begin(userId);
    const authorizeUrl = (await world.open(link.webUrl)).headers.get('location') ?? '';
    const refused = await world.open(await world.simulator.refuse(authorizeUrl, world.people[0]));
    const back = new URL(refused.headers.get('location') ?? '');
    expect(refused.status).toBe(307);
    expect(back.href.startsWith(APP_URL)).toBe(true);
    expect(Object.fromEntries(back.searchParams)).toEqual({ state: 'error', error_type: 'user_cancelled', error: expect.any(String) });
    expect(back.searchParams.get('error')).toMatch(/password not accepted\? With this link only Dexcom accounts of the simulated Dexcom/);
    expect(await world.services.connections.ofUser(world.app.teamId, userId)).toEqual([]);

    const again = await world.open(await world.approve(link));
    expect(again.headers.get('location')).toBe(SUCCESS);
  });

  test('a code that Dexcom refuses is told, and another one may follow', async () => {
    const userId = await world.app.newUser();
    const link = await world.begin(userId);
    const made = new URL(await world.approve(link));
    made.searchParams.set('code', 'made-up');
    const refused = await world.open(made.href);
    expect(new URL(refused.headers.get('location') ?? '').searchParams.get('error_type')).toBe('provider_credential_error');
    expect((await world.sessionOf(link)).step).toEqual({ kind: 'open' });

    expect((await world.open(await world.approve(link))).headers.get('location')).toBe(SUCCESS);
  });

  test('an app that Dexcom does not know is the operator’s trouble, said as such; the link stays good', async () => {
    const { clientId, clientSecret } = world.simulator;
    const redirectUris = [`${world.url}/v2/link/connect/dexcom_v3`];
    const link = await world.begin(await world.app.newUser());
    const callback = await world.approve(link);
    await world.simulator.control.putApp({ clientId, clientSecret: 'another secret', redirectUris });
    const failed = new URL((await world.open(callback)).headers.get('location') ?? '').searchParams;
    await world.simulator.control.putApp({ clientId, clientSecret, redirectUris });
    expect([failed.get('error_type'), failed.get('error')]).toEqual(['provider_api_error', expect.stringContaining('tell its makers')]);

    expect((await world.open(await world.approve(link))).headers.get('location')).toBe(SUCCESS);
  });

  test.each([
    ['answers 500', { kind: 'status', status: 500 }],
    ['breaks off', { kind: 'reset' }],
    ['breaks off after it took the code', { kind: 'reset', when: 'after' }],
    ['sends a web page', { kind: 'html' }],
  ] as const)('a Dexcom that %s at the exchange is told, and the person may try again', async (_, fault) => {
    const link = await world.begin(await world.app.newUser());
    const callback = await world.approve(link);
    await world.simulator.control.addFault({ endpoints: ['token'], ...fault });
    const failed = await world.open(callback);
    await world.simulator.control.clearFaults();
    expect(new URL(failed.headers.get('location') ?? '').searchParams.get('error_type')).toBe('provider_api_error');

    expect((await world.open(await world.approve(link))).headers.get('location')).toBe(SUCCESS);
  });
});

describe('without a redirect_url', () => {
  test('the person sees that they are connected, on a page that loads nothing and tells nobody', async () => {
    const link = await world.begin(await world.app.newUser(), { redirect_url: null });
    const page = await world.open(await world.approve(link));
    expect(page.status).toBe(200);
    expect(page.body).toContain('<h1>Connected</h1>');
    expect(page.body).not.toMatch(/<script|<img|<link|src=|@import|url\(/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['refuses', 'error=access_denied'],
    ['comes back with an error of Dexcom’s', 'error=server_error'],
    ['comes back with nothing', ''],
  ])('who %s reads whose accounts can be connected, since others are told that their password is wrong', async (_, query) => {
    const link = await world.begin(await world.app.newUser(), { redirect_url: null });
    const page = await world.open(`${world.url}/v2/link/connect/dexcom_v3?state=${link.token}&${query}`);
    expect(page.body).toContain('With this link only Dexcom accounts of the simulated Dexcom can be connected.');
    expect(page.body).toContain(link.webUrl);
  });

  test('a failure is told with a way to try again', async () => {
    const link = await world.begin(await world.app.newUser(), { redirect_url: null });
    const made = new URL(await world.approve(link));
    made.searchParams.set('code', 'made-up');
    const page = await world.open(made.href);
    expect(page.status).toBe(400);
    expect(page.body).toContain('role="alert"');
    expect(page.body).toContain(link.webUrl);
  });

  test('an app that wants JSON gets it', async () => {
    const link = await world.begin(await world.app.newUser());
    const { status, body } = await world.open(await world.approve(link), { 'x-vital-sdk-no-redirect': '1' });
    expect([status, body]).toMatchObject([
      200,
      { state: 'success', redirect_url: SUCCESS, error_type: null, provider: 'dexcom_v3', connected: true },
    ]);
  });
});
