import { randomBytes, randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { createKeyring } from '../../src/security/keyring';
import { createLinkTokens } from '../../src/security/linkTokens';
import { APP_URL, type ApiWorld, type App, openApiWorld, send } from './apiWorld';

let world: ApiWorld;
let app: App;
let userId: string;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
  userId = await app.newUser();
});
afterAll(() => world?.close());

const ask = (request: object) => app.call('POST', '/v2/link/token', { body: { user_id: userId, ...request } });
const tokenFor = async (request: object = {}): Promise<string> => (await ask(request)).body.link_token;
const visit = (path: string, headers: Record<string, string> = {}) => send(world.url, 'GET', path, undefined, headers);
const sessions = () => world.db.collection<{ _id: string }>('link_sessions');

describe('POST /v2/link/token', () => {
  test('gives a JWT good for sixty minutes and the page it opens', async () => {
    const { status, body } = await ask({ provider: 'dexcom_v3', redirect_url: APP_URL, on_error: 'redirect', on_close: 'redirect' });
    expect(status).toBe(200);
    expect(body.link_web_url).toBe(`${world.url}/link?token=${body.link_token}`);
    const claims = decodeJwt(body.link_token);
    expect(claims).toMatchObject({ aud: `${world.url}/v2/link`, sub: expect.any(String), team_id: app.teamId, user_id: userId });
    expect(Math.abs((claims.exp ?? 0) - (claims.iat ?? 0) - 3_600)).toBeLessThanOrEqual(1);
  });

  test.each([
    ['a redirect elsewhere', { redirect_url: 'https://evil.example/' }, ['body', 'redirect_url']],
    ['a redirect that no browser could be sent to', { redirect_url: `${APP_URL}?${'x'.repeat(2_048)}` }, ['body', 'redirect_url']],
    ['a redirect that is no URL', { redirect_url: 'connected' }, ['body', 'redirect_url']],
    ['a user id that is none', { user_id: 'me' }, ['body', 'user_id']],
    ['an empty filter', { filter_on_providers: [] }, ['body', 'filter_on_providers']],
    ['another wish at the end', { on_close: 'explode' }, ['body', 'on_close']],
  ])('refuses %s and names the field', async (_, request, loc) => {
    const { status, body } = await ask(request);
    expect([status, body.detail[0].loc]).toEqual([422, loc]);
  });

  test.each([
    { provider: 'oura' },
    { provider: 'dexcom' },
    { provider: 'oura', filter_on_providers: ['dexcom_v3'] },
    { filter_on_providers: ['oura', 'fitbit'] },
  ])('refuses %j: it cannot be connected here', async (request) => {
    expect(await ask(request)).toMatchObject({ status: 400, body: { detail: { error_type: 'INVALID_PROVIDER' } } });
  });

  test('passes over what else an app of many brands filters on', async () => {
    const token = await tokenFor({ filter_on_providers: ['oura', 'dexcom_v3', 'fitbit'] });
    expect(await sessions().findOne({ _id: decodeJwt(token).sub ?? '' })).toMatchObject({ filterOnProviders: ['dexcom_v3'] });
  });

  test('finds no user that is none', async () => {
    expect(await ask({ user_id: randomUUID() })).toMatchObject({ status: 404, body: { detail: { error_type: 'INVALID_USER_ID' } } });
  });
});

describe('the link page', () => {
  test.each([{ provider: 'dexcom_v3' }, { filter_on_providers: ['dexcom_v3'] }, { filter_on_providers: ['dexcom_v3', 'dexcom_v3'] }])(
    'of a token with %j goes straight to Dexcom',
    async (request) => {
      const answer = await visit(`/link?token=${await tokenFor(request)}`);
      expect(answer.status).toBe(302);
      expect(answer.headers.get('location')).toContain('/v3/oauth2/login?');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    },
  );

  test('otherwise offers Dexcom as a link, without scripts, loading nothing, readable by any browser', async () => {
    const token = await tokenFor();
    const { status, headers, body } = await visit(`/link?token=${token}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(body).toMatch(/^<!doctype html>\s*<html lang="en">/);
    expect(body).toMatch(/<meta name="viewport"/);
    expect(body).toMatch(/<h1>[^<]+<\/h1>/);
    expect(body).toContain('With this link only Dexcom accounts of the simulated Dexcom can be connected.');
    expect(body).not.toMatch(/<script|<img|<link|src=|@import|url\(|\son\w+=/);
    const href = /<a class="action" href="([^"]+)">Connect Dexcom<\/a>/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const { status: sent, headers: departure } = await visit(href.replace(world.url, ''));
    expect([sent, new URL(departure.get('location') ?? '').searchParams.get('state')]).toEqual([302, token]);
    expect(body).not.toContain('Cancel');
  });

  test('leads a person who cancels back to an app that wants to know', async () => {
    const { body } = await visit(`/link?token=${await tokenFor({ redirect_url: APP_URL, on_close: 'redirect' })}`);
    expect(body).toContain(`${APP_URL}?state=error&amp;error_type=user_cancelled`);
  });

  test('opens for nobody else’s token', async () => {
    const foreign = createLinkTokens(createKeyring([{ kid: 'k', key: new Uint8Array(randomBytes(32)) }]), `${world.url}/v2/link`);
    const [session] = await sessions().find().toArray();
    const forged = await foreign.issue({
      sessionId: session?._id ?? '',
      teamId: app.teamId,
      userId,
      expiresAt: Date.now() + 60_000,
      path: {},
    });
    for (const token of ['', 'nonsense', forged]) {
      const { status, body } = await visit(`/link?token=${token}`);
      expect(status).toBe(400);
      expect(body).toContain('This link is not valid');
    }
  });

  test('writes nothing into itself that came from outside', async () => {
    const { body } = await visit('/link?token="><script>alert(1)</script>');
    expect(body).not.toContain('<script>alert');
  });

  test('of an expired token says so, or sends the app the news', async () => {
    const [plain, redirecting] = [await tokenFor(), await tokenFor({ redirect_url: APP_URL })];
    for (const token of [plain, redirecting])
      await sessions().updateOne({ _id: decodeJwt(token).sub ?? '' }, { $set: { expiresAt: Date.now() } });
    const page = await visit(`/link?token=${plain}`);
    expect([page.status, page.body]).toEqual([410, expect.stringContaining('expired')]);
    const back = await visit(`/link?token=${redirecting}`);
    expect([back.status, back.headers.get('location')]).toEqual([307, expect.stringContaining('error_type=token_expired')]);
  });
});

describe('a page of the app’s own', () => {
  test('gets the sign-in’s address in the shape both official SDKs parse, without an API key', async () => {
    const token = await tokenFor();
    const { status, body } = await visit('/v2/link/provider/oauth/dexcom_v3', { 'x-vital-link-token': token });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: expect.any(Number),
      name: 'Dexcom',
      slug: 'dexcom_v3',
      description: expect.any(String),
      logo: expect.any(String),
      group: null,
      auth_type: 'oauth',
      source_type: 'device',
      is_active: true,
    });
    expect(new URL(body.oauth_url).searchParams.get('state')).toBe(token);
    expect(Number.isInteger(body.id)).toBe(true);
  });

  test('gets the list of providers', async () => {
    const { status, body } = await visit('/v2/link/providers', { 'x-vital-link-token': await tokenFor() });
    expect([status, body]).toMatchObject([200, [{ slug: 'dexcom_v3', oauth_url: null, auth_type: 'oauth', form_components: {} }]]);
  });

  test.each(['/v2/link/provider/oauth/dexcom_v3', '/v2/link/providers'])('is told at %s what is wrong with its token', async (path) => {
    expect(await visit(path)).toMatchObject({ status: 400, body: { detail: { error_type: 'MISSING_LINK_TOKEN' } } });
    expect(await visit(path, { 'x-vital-link-token': 'nonsense' })).toMatchObject({
      status: 401,
      body: { detail: { error_type: 'INVALID_REQUEST' } },
    });
    const old = await tokenFor();
    await sessions().updateOne({ _id: decodeJwt(old).sub ?? '' }, { $set: { expiresAt: Date.now() } });
    expect(await visit(path, { 'x-vital-link-token': old })).toMatchObject({
      status: 401,
      body: { detail: { error_type: 'INVALID_REQUEST' } },
    });
  });

  test('is told that a provider cannot be connected', async () => {
    const answer = await visit('/v2/link/provider/oauth/oura', { 'x-vital-link-token': await tokenFor() });
    expect(answer).toMatchObject({ status: 400, body: { detail: { error_type: 'INVALID_PROVIDER' } } });
  });
});

describe('the callback', () => {
  test.each([
    ['no state', '/v2/link/connect/dexcom_v3?code=x'],
    ['a state that is none', '/v2/link/connect/dexcom_v3?code=x&state=nonsense'],
  ])('with %s tells the person, and sends them nowhere', async (_, path) => {
    const { status, headers, body } = await visit(path);
    expect([status, headers.get('location')]).toEqual([400, null]);
    expect(body).toContain('This link is not valid');
  });

  test('of an unknown provider is refused', async () => {
    expect((await visit('/v2/link/connect/oura?code=x&state=y')).body.detail.error_type).toBe('INVALID_PROVIDER');
  });

  test.each([
    ['an error of Dexcom’s', 'error=server_error', 'provider_api_error'],
    ['nothing at all', '', 'provider_api_error'],
    ['a scope that was not granted', 'error=invalid_scope', 'required_scopes_not_granted'],
    ['a person’s no', 'error=access_denied', 'user_cancelled'],
  ])('with %s sends the app the news', async (_, query, errorType) => {
    const token = await tokenFor({ redirect_url: APP_URL });
    const { status, headers } = await visit(`/v2/link/connect/dexcom_v3?state=${token}&${query}`);
    expect([status, headers.get('location')]).toEqual([307, expect.stringContaining(`error_type=${errorType}`)]);
    expect([headers.get('referrer-policy'), headers.get('cache-control')]).toEqual(['no-referrer', 'no-store']);
  });
});

test.each([
  ['device', ['dexcom_v3']],
  ['lab', []],
  ['', []],
])('GET /v2/providers tells those whose type is asked for (%j)', async (type, slugs) => {
  const { status, body } = await app.call('GET', `/v2/providers?source_type=${type}`);
  expect([status, body.map(({ slug }: { slug: string }) => slug)]).toEqual([200, slugs]);
});

test('GET /v2/providers tells an app what it can offer', async () => {
  const { body } = await app.call('GET', '/v2/providers');
  expect(body).toEqual([
    {
      name: 'Dexcom',
      slug: 'dexcom_v3',
      logo: expect.any(String),
      description: expect.any(String),
      auth_type: 'oauth',
      supported_resources: ['glucose', 'insulin_injection', 'carbohydrates', 'note', 'workout_duration'],
    },
  ]);
});
