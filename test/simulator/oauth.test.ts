import { REDIRECT_URI, type Simulator, startSimulator } from '../simulator';
import { authorizeUrl, codeFor, connect, exchange, get, postToken, refresh, tokensIn } from './app';

let simulator: Simulator;
let person: string;
beforeAll(async () => {
  simulator = await startSimulator();
  person = simulator.person;
});
afterAll(() => simulator.stop());
afterEach(() => simulator.control.settings({ graceSeconds: 0, reuseRevokesGrant: false, peoplePerApp: null }));

describe('§8.3 the login page', () => {
  test('sends the app a code and its own state, unchanged', async () => {
    const location = new URL(await simulator.approve(authorizeUrl(simulator), person));
    expect(location.origin + location.pathname).toBe(REDIRECT_URI);
    expect(location.searchParams.get('code')).toMatch(/^US_[0-9a-f-]{36}\.[0-9a-f-]{36}\.[0-9a-f-]{36}$/);
    expect(location.searchParams.get('state')).toBe('an app’s state & more');
  });

  test('tells the app that the person refused', async () => {
    const { searchParams } = new URL(await simulator.refuse(authorizeUrl(simulator), person));
    expect(Object.fromEntries(searchParams)).toEqual({ error: 'access_denied', state: 'an app’s state & more' });
  });

  test.each([{ client_id: 'somebody-else' }, { redirect_uri: `${REDIRECT_URI}/` }])('leads nowhere for %j', async (change) => {
    const { status, headers } = await fetch(authorizeUrl(simulator, change), { redirect: 'manual' });
    expect(status).toBe(400);
    expect(headers.get('location')).toBeNull();
  });

  test.each([
    [{ scope: 'egv' }, 'invalid_scope'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
  ] as const)('sends %j back as %s', async (change, error) => {
    const location = await simulator.approve(authorizeUrl(simulator, change), person);
    expect(new URL(location).searchParams.get('error')).toBe(error);
  });

  test('escapes what a link puts into it', async () => {
    const page = await fetch(authorizeUrl(simulator, { state: '"><script>alert(1)</script>' }));
    expect(await page.text()).not.toContain('<script>');
  });
});

describe('§8.4, §8.6 a code', () => {
  test('is exchanged for exactly the documented fields, seconds for seconds', async () => {
    const { status, body } = await exchange(simulator, await codeFor(simulator, person));
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String),
      expires_in: 7_200,
      refresh_expires_in: 0,
      refresh_token: expect.any(String),
      token_type: 'Bearer',
      'not-before-policy': expect.any(String),
      session_state: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test('is good once', async () => {
    const code = await codeFor(simulator, person);
    const answers = await Promise.all([exchange(simulator, code), exchange(simulator, code)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
    expect(answers.find(({ status }) => status === 400)?.body.error).toBe('invalid_grant');
  });

  test('is dead after a minute', async () => {
    const code = await codeFor(simulator, person);
    await simulator.control.clock({ advance: '60s' });
    expect(await exchange(simulator, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  test('is good only with the redirect it was issued for', async () => {
    const fields = { grant_type: 'authorization_code', code: await codeFor(simulator, person), redirect_uri: 'http://127.0.0.1:9/other' };
    expect(await postToken(simulator, fields)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});

describe('§8.1, §8.5, §8.12 the token endpoint', () => {
  test('takes forms only', async () => {
    const { url, clientId, clientSecret } = simulator;
    const body = JSON.stringify({ client_id: clientId, client_secret: clientSecret, grant_type: 'refresh_token', refresh_token: 'x' });
    const response = await fetch(`${url}/v2/oauth2/token`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });

  test('takes no Basic credentials', async () => {
    const { url, clientId, clientSecret } = simulator;
    const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x' });
    const response = await fetch(`${url}/v3/oauth2/token`, { method: 'POST', body, headers: { authorization } });
    expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  });

  test.each([
    [{ grant_type: 'refresh_token', refresh_token: 'unknown' }, 'invalid_grant'],
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [{ refresh_token: 'unknown' }, 'invalid_request'],
    [{ grant_type: 'refresh_token', refresh_token: 'unknown', client_secret: 'wrong' }, 'invalid_client'],
  ])('answers %j with %s', async (fields, error) => {
    expect(await postToken(simulator, fields as Record<string, string>)).toMatchObject({ status: 400, body: { error } });
  });

  test('refuses the person beyond the cap of Limited Access, and nobody within it', async () => {
    await simulator.control.addPerson({ id: 'one-too-many', historyDays: 0 });
    await connect(simulator, person);
    await simulator.control.settings({ peoplePerApp: 1 });
    expect((await exchange(simulator, await codeFor(simulator, person))).status).toBe(200);
    expect(await exchange(simulator, await codeFor(simulator, 'one-too-many'))).toMatchObject({
      status: 400,
      body: { error: 'invalid_client' },
    });
  });
});

describe('§8.8, §8.9 a refresh token', () => {
  test('is spent by its first use', async () => {
    const { refresh: first } = await connect(simulator, person);
    const second = tokensIn(await refresh(simulator, first));
    expect(second.refresh).not.toBe(first);
    expect(await refresh(simulator, first)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await refresh(simulator, second.refresh)).status).toBe(200);
  });

  test('used by two at once has one winner', async () => {
    const { refresh: token } = await connect(simulator, person);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(simulator, token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(7);
  });

  test('used again within its grace gets the same successor, and after it nothing', async () => {
    await simulator.control.settings({ graceSeconds: 120 });
    const { refresh: token } = await connect(simulator, person);
    const first = tokensIn(await refresh(simulator, token));
    expect(tokensIn(await refresh(simulator, token))).toEqual(first);
    await simulator.control.clock({ advance: '120s' });
    expect(await refresh(simulator, token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await refresh(simulator, first.refresh)).status).toBe(200);
  });

  test('used again ends the whole grant where the switch says so', async () => {
    await simulator.control.settings({ reuseRevokesGrant: true });
    const { refresh: token } = await connect(simulator, person);
    const successor = tokensIn(await refresh(simulator, token));
    await refresh(simulator, token);
    expect((await refresh(simulator, successor.refresh)).status).toBe(400);
    expect((await get(simulator, successor, 'dataRange')).status).toBe(401);
  });

  test('dies a year after consent, however often it was rotated', async () => {
    const { refresh: token } = await connect(simulator, person);
    await simulator.control.clock({ advance: '364d' });
    const { refresh: younger } = tokensIn(await refresh(simulator, token));
    await simulator.control.clock({ advance: '1d' });
    expect(await refresh(simulator, younger)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});

describe('§8.7, §8.11 an access token', () => {
  test('opens the data for two hours of the simulated clock', async () => {
    const tokens = await connect(simulator, person);
    await simulator.control.clock({ advance: 7_190_000 });
    expect((await get(simulator, tokens, 'dataRange')).status).toBe(200);
    await simulator.control.clock({ advance: '10s' });
    expect((await get(simulator, tokens, 'dataRange')).status).toBe(401);
  });

  test('outlives the refresh that replaced it', async () => {
    const tokens = await connect(simulator, person);
    await refresh(simulator, tokens.refresh);
    expect((await get(simulator, tokens, 'dataRange')).status).toBe(200);
  });

  test('is worth nothing once the person has withdrawn consent', async () => {
    const tokens = await connect(simulator, person);
    await simulator.control.revoke({ personId: person });
    expect((await get(simulator, tokens, 'dataRange')).status).toBe(401);
    expect(await refresh(simulator, tokens.refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});
