import { request } from 'node:http';
import { type Answer, type ApiWorld, type App, openApiWorld, send } from './apiWorld';

let world: ApiWorld;
let app: App;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
});
afterAll(() => world?.close());

const raw = (method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> =>
  send(world.url, method, path, body, { 'x-vital-api-key': app.apiKey, ...headers });
const json = { 'content-type': 'application/json' };
const MB = 1024 * 1024;

describe('a body', () => {
  test.each([
    ['that is not JSON', '{"client_user_id":', 'json_invalid'],
    ['that is empty', '', 'json_invalid'],
    ['that is no object', '[1]', 'object_type'],
    ['that is null', 'null', 'object_type'],
    ['that lacks a field', '{}', 'missing'],
    ['with a number for a text', '{"client_user_id":1}', 'string_type'],
    ['nested so deeply that no stack holds it', '['.repeat(20_000) + ']'.repeat(20_000), 'value_error'],
  ])('%s is a 422 that names what is wrong', async (_, body, type) => {
    const answer = await raw('POST', '/v2/user', body, json);
    expect([answer.status, answer.body.detail[0]]).toEqual([422, expect.objectContaining({ type, loc: expect.any(Array) })]);
  });

  test.each([
    ['a form', 'application/x-www-form-urlencoded'],
    ['XML', 'application/xml'],
    ['text', 'text/plain'],
    ['almost JSON', 'application/jsonx'],
  ])('of another type is a 415 that says which is read (%s)', async (_, type) => {
    const answer = await raw('POST', '/v2/user', '{"client_user_id":"x"}', { 'content-type': type });
    expect(answer).toMatchObject({ status: 415, body: { detail: 'The body must be application/json' } });
  });

  test('of another type is a 415 also where there is none of it', async () => {
    const answer = await raw('POST', '/v2/user', '', { 'content-type': 'text/plain' });
    expect(answer).toMatchObject({ status: 415, body: { detail: 'The body must be application/json' } });
  });

  test('is JSON in any spelling of its type', async () => {
    const answer = await raw('POST', '/v2/user', '{"client_user_id":"spelt"}', { 'content-type': 'Application/JSON; charset=utf-8' });
    expect(answer.status).toBe(200);
  });

  test('longer than 1 MB is a 413, whether its length is told or not', async () => {
    const long = JSON.stringify({ client_user_id: 'x'.repeat(MB) });
    expect(await raw('POST', '/v2/user', long, json)).toMatchObject({ status: 413, body: { detail: expect.any(String) } });
    expect(await chunked('/v2/user', long)).toBe(413);
    const fits = JSON.stringify({ client_user_id: 'x'.repeat(MB - 1_000) });
    expect((await raw('POST', '/v2/user', fits, json)).status).toBe(422);
  });

  test.each(['application/json', 'application/json; charset=iso-8859-1'])(
    'that is not UTF-8 (%s) is a 422, so that two people’s ids are never taken for one',
    async (type) => {
      for (const name of ['Müller', 'Möller']) {
        const body = Buffer.from(JSON.stringify({ client_user_id: name }), 'latin1');
        const answer = await fetch(`${world.url}/v2/user`, {
          method: 'POST',
          headers: { 'x-vital-api-key': app.apiKey, 'content-type': type },
          body,
        });
        expect([answer.status, await answer.json()]).toMatchObject([422, { detail: [{ type: 'json_invalid', loc: ['body'] }] }]);
      }
    },
  );

  test.each([
    ['NUL', '{"client_user_id":"a\\u0000b"}'],
    ['half a character', '{"client_user_id":"a\\ud800"}'],
  ])('with %s in a text is a 422 that names the field, and nothing is written', async (_, body) => {
    const answer = await raw('POST', '/v2/user', body, json);
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'client_user_id'] }] } });
  });
});

describe('a number in a query', () => {
  const queries = ['/v2/user?offset=', '/v2/user?limit=', '/v2/introspect/resources?user_limit=', '/v2/link/bulk_op?page_size='];

  test.each(queries)('is plain digits (%s): another spelling is a 422 that names it', async (path) => {
    const name = /\?(\w+)=/.exec(path)?.[1];
    for (const spelt of ['0x10', '1e1', '%2010', '', '٣', '1.5', 'true', 'Infinity'])
      expect([spelt, await raw('GET', path + spelt)]).toMatchObject([spelt, { status: 422, body: { detail: [{ loc: ['query', name] }] } }]);
    expect((await raw('GET', `${path}10`)).status).toBe(200);
  });
});

describe('a path', () => {
  test('with NUL in it is a 422, one that cannot be decoded is no fault of ours', async () => {
    expect(await raw('GET', '/v2/user/resolve/a%00b')).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['path', 'client_user_id'] }] },
    });
    for (const path of ['/v2/user/resolve/%ff', '/v2/user/resolve/%zz', '/v2/user/%00', '/v2/user?limit=%00', '/v2/user?limit=%ff'])
      expect([path, [404, 422]]).toEqual([path, expect.arrayContaining([(await raw('GET', path)).status])]);
  });

  test.each(['/v2', '/v2/nothing', '/v1/org/x', '/v2/user/x/y/z/w'])('that nobody has (%s) is a 404 in JSON', async (path) => {
    expect(await raw('GET', path)).toMatchObject({ status: 404, body: { detail: 'Not found' } });
  });

  test('may end in a slash', async () => {
    expect((await raw('GET', '/v2/user/')).status).toBe(200);
    expect((await raw('POST', '/v2/user/', '{"client_user_id":"slash"}', json)).status).toBe(200);
  });

  test.each([
    ['PUT', '/v2/user', 'GET, HEAD, POST, OPTIONS'],
    ['DELETE', '/v2/link/token', 'POST, OPTIONS'],
    ['HEAD', '/v2/link/token', 'POST, OPTIONS'],
    ['TRACE', '/v2/providers', 'GET, HEAD, OPTIONS'],
  ])('answers %s %s with 405 and what is allowed', async (method, path, allowed) => {
    const { status, allow } = await plain(method, path);
    expect([status, allow]).toEqual([405, allowed]);
  });

  test('answers HEAD like GET without a body', async () => {
    const [head, get] = [await raw('HEAD', '/v2/user'), await raw('GET', '/v2/user')];
    expect([head.status, head.headers.get('content-type')]).toEqual([200, get.headers.get('content-type')]);
  });
});

describe('an error', () => {
  const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const typeAt = async (path: string, headers: Record<string, string>) =>
    (await raw('GET', path, undefined, headers)).headers.get('content-type')?.split(';')[0];

  test.each(['/v2/user/56bd81c9-6219-4000-a775-ae85526eba18', '/v2/user?limit=x', '/v2/nothing', '/v3/orders', '/v2/link/state'])(
    'is JSON at %s, whatever else the client says it takes',
    async (path) => {
      for (const accept of [BROWSER, 'application/json, text/html;q=0.1', 'text/html'])
        expect([accept, await typeAt(path, { accept })]).toEqual([accept, 'application/json']);
    },
  );

  test('is a page where a person’s browser comes back from a sign-in, and JSON for an app that asked for no redirect', async () => {
    const path = '/v2/link/connect/nobody';
    expect(await typeAt(path, { accept: BROWSER })).toBe('text/html');
    expect(await typeAt(path, { accept: BROWSER, 'x-vital-sdk-no-redirect': '1' })).toBe('application/json');
    expect(await typeAt(path, { accept: 'application/json' })).toBe('application/json');
  });
});

describe('another origin', () => {
  test('is allowed nothing, not even when it asks first', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'GET' };
    const asked = await raw('OPTIONS', '/v2/user', undefined, headers);
    expect([asked.status, asked.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
    expect((await raw('OPTIONS', '/v2/nothing')).status).toBe(404);
    const answers = [asked, await raw('GET', '/v2/user', undefined, headers), await raw('GET', '/v2/nothing', undefined, headers)];
    for (const { headers: answered } of answers)
      expect([...answered.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('every answer', () => {
  test.each([
    ['200', () => raw('GET', '/v2/user')],
    ['401', () => raw('GET', '/v2/user', undefined, { 'x-vital-api-key': 'wrong' })],
    ['404', () => raw('GET', '/v2/nothing')],
    ['405', () => raw('PUT', '/v2/user')],
    ['413', () => raw('POST', '/v2/user', 'x'.repeat(MB + 1), json)],
    ['415', () => raw('POST', '/v2/user', 'x', { 'content-type': 'text/plain' })],
    ['422', () => raw('POST', '/v2/user', '{}', json)],
  ])('(%s) has the request id of its log line, and is kept by nobody', async (status, ask) => {
    const answer = await ask();
    expect(String(answer.status)).toBe(status);
    const id = answer.headers.get('x-request-id') ?? '';
    expect(id).toMatch(/^[\w-]{8,}$/);
    expect(world.logged()).toContain(id);
    expect([answer.headers.get('cache-control'), answer.headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff']);
  });

  test('takes the caller’s request id, but no other text', async () => {
    expect((await raw('GET', '/v2/user', undefined, { 'x-request-id': 'trace-42' })).headers.get('x-request-id')).toBe('trace-42');
    const odd = await raw('GET', '/v2/user', undefined, { 'x-request-id': '"},{"level":60' });
    expect(odd.headers.get('x-request-id')).toMatch(/^[\w-]+$/);
  });
});

describe('a fault of ours', () => {
  test('is a 500 without a word of it; the log has it under the request’s id', async () => {
    const broken = await openApiWorld({
      change: ({ users }) => ({ users: Object.assign(Object.create(users), { page: () => Promise.reject(new Error('canary-fault')) }) }),
    });
    try {
      const answer = await (await broken.newApp()).call('GET', '/v2/user');
      expect([answer.status, answer.body]).toEqual([500, { detail: 'Internal server error' }]);
      const line = broken
        .logged()
        .split('\n')
        .find((text) => text.includes('canary-fault'));
      expect(line).toContain(answer.headers.get('x-request-id') ?? 'no id');
    } finally {
      await broken.close();
    }
  });
});

/** Methods and headers that fetch does not let through. */
function plain(method: string, path: string): Promise<{ status: number | undefined; allow: string | undefined }> {
  return new Promise((resolve, reject) => {
    const sent = request(world.url + path, { method, headers: { 'x-vital-api-key': app.apiKey } }, (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode, allow: response.headers.allow }));
    });
    sent.on('error', reject).end();
  });
}

/** A body whose length is not told beforehand. */
function chunked(path: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-vital-api-key': app.apiKey, ...json, 'transfer-encoding': 'chunked' };
    const sent = request(world.url + path, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    // The rest of a body that is refused need not be taken.
    sent.on('error', (error) => ('code' in error && error.code === 'EPIPE' ? undefined : reject(error)));
    sent.end(body);
  });
}
