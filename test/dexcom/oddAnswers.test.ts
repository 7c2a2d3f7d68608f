import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { dexcomClient, type LoneClient } from './dexcomClient';

/** A server that answers whatever a test tells it to: what no Dexcom has been seen to do, and may. */
let server: Server;
let client: LoneClient;
let answer: (response: ServerResponse, request: IncomingMessage, body: string) => void;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    answer(response, request, body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  client = dexcomClient({ baseUrl: `http://127.0.0.1:${port}`, clientId: 'the-app', clientSecret: 'the-secret&more' });
});

afterAll(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no failure',
    (error: unknown) => error,
  );
const WINDOW = { from: Date.parse('2026-11-01T00:00:00Z'), to: Date.parse('2026-11-02T00:00:00Z') };

describe('a token answer', () => {
  const pair = { access_token: 'a', refresh_token: 'r', token_type: 'bearer' };

  test.each([
    ['seconds', 7200, 7_200_000],
    ['a string', '600', 600_000],
    ['nothing', undefined, 7_200_000],
    ['zero', 0, 7_200_000],
    ['nonsense', 'soon', 7_200_000],
  ])('that says it lasts %s', async (_, expires_in, lifeMs) => {
    answer = json({ ...pair, expires_in, refresh_expires_in: 0, 'not-before-policy': '1726871301,' });
    const { issuedAt, expiresAt } = await client.refresh('r');
    expect(expiresAt - issuedAt).toBe(lifeMs);
  });

  test.each([
    { access_token: 'a' },
    { refresh_token: 'r' },
    { ...pair, refresh_token: '' },
    { ...pair, access_token: 7 },
    [],
    null,
    'pair',
  ])('without a pair of tokens is garbage: %j', async (body) => {
    answer = json(body);
    expect(await failure(client.refresh('r'))).toMatchObject({ kind: 'garbage' });
  });

  test('is asked for with a form, credentials in its body', async () => {
    const asked: unknown[] = [];
    answer = (response, request, body) => {
      asked.push(
        request.url,
        request.headers['content-type'],
        request.headers.authorization,
        Object.fromEntries(new URLSearchParams(body)),
      );
      json(pair)(response);
    };
    await client.exchangeCode({ code: 'US_1.2', redirectUri: 'https://app.test/cb?x=1' });
    expect(asked).toEqual([
      '/v3/oauth2/token',
      'application/x-www-form-urlencoded',
      undefined,
      {
        grant_type: 'authorization_code',
        code: 'US_1.2',
        redirect_uri: 'https://app.test/cb?x=1',
        client_id: 'the-app',
        client_secret: 'the-secret&more',
      },
    ]);
  });
});

describe('a data answer', () => {
  test.each([
    ['nobody’s', { records: [] }],
    ['an empty name’s', { userId: '', records: [] }],
    ['without records', { userId: 'u' }],
    ['with records that are no list', { userId: 'u', records: {} }],
    ['a list', []],
  ])('that is %s is garbage', async (_, body) => {
    answer = json(body);
    expect(await failure(client.egvs('t', WINDOW))).toMatchObject({ kind: 'garbage' });
  });

  const at = (systemTime: unknown) => ({ systemTime, displayTime: systemTime });
  const good = at('2026-01-01T00:00:00');

  test.each([
    ['without a start', { end: good }],
    ['that ends before it starts', { start: at('2026-01-02T00:00:00'), end: good }],
    ['whose start cannot be read', { start: at('x'), end: good }],
    ['that starts in the far future', { start: at('2999-01-01T00:00:00'), end: at('2999-01-02T00:00:00') }],
    ['of zero dates', { start: at('0001-01-01T00:00:00'), end: at('0001-01-01T00:00:00') }],
    ['whose times are numbers', { start: at(1), end: at(2) }],
    ['that is a word', 'all'],
    ['that is a list', [good, good]],
  ])('with a range %s says whose account it is, and that history may go back to the beginning', async (_, egvs) => {
    answer = json({ userId: 'u', egvs });
    const range = await client.dataRange('t');
    expect(range).toMatchObject({ userId: 'u', egvs: { start: Date.parse('2015-01-01T00:00:00Z') } });
    expect(range.egvs?.end).toBeGreaterThan(Date.parse('2026-01-01T00:00:00Z'));
  });

  test.each([
    ['whose end cannot be read', { start: good, end: at('y') }],
    ['without an end', { start: good }],
    ['that ends in the far future', { start: good, end: at('2999-01-02T00:00:00') }],
  ])('with a range %s says where history begins', async (_, egvs) => {
    answer = json({ userId: 'u', egvs });
    expect(await client.dataRange('t')).toMatchObject({ userId: 'u', egvs: { start: Date.parse('2026-01-01T00:00:00Z') } });
  });

  test('with two versions of one record keeps the later, in whatever order they come', async () => {
    const record = (systemTime: string, value: number | null) => ({ recordId: 'one', systemTime, value });
    const early = record('2026-11-01T08:00:00Z', 100);
    for (const [records, expected] of [
      [[early, early], 100],
      [[early, record('2026-11-01T08:00:01Z', 90)], 90],
      [[early, record('2026-11-01T08:00:00Z', null)], 100],
      [[early, record('2026-11-01T08:00:00Z', 105)], 105],
    ] as const) {
      for (const order of [records, [...records].reverse()]) {
        answer = json({ userId: 'u', records: order });
        expect((await client.egvs('t', WINDOW)).readings.map(({ mgPerDl }) => mgPerDl)).toEqual([expected]);
      }
    }
  });

  test('with half a character has a mark in its place: no database takes it, and the word would change for ever', async () => {
    answer = json({
      userId: 'u',
      records: [{ recordId: 'r\ud83d', systemTime: '2026-11-01T08:00:00Z', trend: 'fl\ude00at', status: '\ud83d\ude00' }],
    });
    expect((await client.egvs('t', WINDOW)).readings).toMatchObject([{ recordId: 'r\ufffd', trend: 'fl\ufffdat', status: '\ud83d\ude00' }]);
  });

  test('with readings from outside the window leaves them to the windows they belong to', async () => {
    const times = ['2026-10-31T23:59:59.999Z', '2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z', '2026-11-02T00:00:01Z'];
    answer = json({ userId: 'u', records: times.map((systemTime, i) => ({ recordId: `r${i}`, systemTime, value: 100 })) });
    expect((await client.egvs('t', WINDOW)).readings.map(({ recordId }) => recordId).sort()).toEqual(['r1', 'r2']);
  });

  test('that ends the thirty days of two queries for two people is garbage', async () => {
    let n = 0;
    answer = (response) => json({ userId: `u${n++}`, records: [] })(response);
    expect(await failure(client.egvs('t', { from: WINDOW.to - 30 * 86_400_000 + 400, to: WINDOW.to + 400 }))).toMatchObject({
      kind: 'garbage',
    });
  });

  test('that never ends is given up', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, ' ');
    answer = (response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(megabyte));
        response.once('drain', more);
      };
      more();
    };
    expect(await failure(client.egvs('t', WINDOW))).toMatchObject({ kind: 'garbage' });
  });

  test('elsewhere is not followed: a redirect would take the token along', async () => {
    answer = (response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
    expect(await failure(client.egvs('t', WINDOW))).toMatchObject({ kind: 'refused', status: 302 });
  });

  test.each([
    ['17', 17_000],
    ['0', 0],
    ['0.5', 500],
    ['soon', null],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ])('may be asked for again after “%s”', async (header, retryAfterMs) => {
    answer = json({}, 429, { 'retry-after': header });
    expect(await failure(client.egvs('t', WINDOW))).toMatchObject({ kind: 'rate_limited', retryAfterMs });
  });
});

test('no error tells a token, a secret, a code or a word of a body', async () => {
  const secrets = ['secret-access', 'secret-refresh', 'secret-code', 'the-secret', 'glucose-277'];
  const calls = [
    () => client.egvs('secret-access', WINDOW),
    () => client.dataRange('secret-access'),
    () => client.refresh('secret-refresh'),
    () => client.exchangeCode({ code: 'secret-code', redirectUri: 'https://app.test' }),
  ];
  const answers: (typeof answer)[] = [
    json({ error: 'invalid_grant', error_description: 'glucose-277 secret-refresh' }, 400),
    json({ value: 'glucose-277' }, 500),
    (response) => void response.end('glucose-277 is no JSON'),
    json({ userId: 'u', records: 'glucose-277', egvs: 'glucose-277' }),
    (response) => void response.destroy(),
  ];
  for (const one of answers) {
    for (const call of calls) {
      answer = one;
      const error = inspect(await failure(call()), { depth: 9 });
      for (const secret of secrets) expect(error).not.toContain(secret);
    }
  }
});
