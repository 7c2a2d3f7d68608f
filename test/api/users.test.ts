import { randomUUID } from 'node:crypto';
import { type ApiWorld, type App, openApiWorld } from './apiWorld';

let world: ApiWorld;
let app: App;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
});
afterAll(() => world.close());

describe('POST /v2/user', () => {
  test('creates a user in the shape both official SDKs parse', async () => {
    const { status, body } = await app.call('POST', '/v2/user', {
      body: { client_user_id: 'u-1', fallback_time_zone: 'Europe/London', fallback_birth_date: '1989-09-12' },
    });
    expect(status).toBe(200);
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    expect(body).toEqual({
      user_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      team_id: app.teamId,
      client_user_id: 'u-1',
      created_on: at,
      connected_sources: [],
      fallback_time_zone: { id: 'Europe/London', source_slug: 'manual', updated_at: at },
      fallback_birth_date: { value: '1989-09-12', source_slug: 'manual', updated_at: at },
      ingestion_start: null,
      ingestion_end: null,
    });
  });

  test('refuses a client user id taken, with the ids of who has it', async () => {
    const user_id = await app.newUser('twice');
    const again = await app.call('POST', '/v2/user', { body: { client_user_id: 'twice' } });
    expect(again.status).toBe(400);
    expect(again.body).toEqual({
      detail: { error_type: 'INVALID_REQUEST', error_message: 'Client user id already exists.', user_id, created_on: expect.any(String) },
    });
  });

  test('makes one user of many requests at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => app.call('POST', '/v2/user', { body: { client_user_id: 'race' } })));
    const ids = answers.map(({ status, body }) => (status === 200 ? body.user_id : body.detail.user_id));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 49 }, () => 400)]);
    expect(new Set(ids).size).toBe(1);
    expect(await world.db.collection('users').countDocuments({ clientUserId: 'race' })).toBe(1);
  });

  test('completes a user whose maker died between claim and user', async () => {
    const user_id = await app.newUser('half');
    await world.db.collection<{ _id: string }>('users').deleteOne({ _id: user_id });
    await world.db.collection('user_claims').updateOne({ clientUserId: 'half' }, { $set: { pending: true } });

    const again = await app.call('POST', '/v2/user', { body: { client_user_id: 'half' } });
    expect(again.body.detail.user_id).toBe(user_id);
    expect((await app.call('GET', `/v2/user/${user_id}`)).body.client_user_id).toBe('half');
  });

  test('lets two teams use the same client user id', async () => {
    const other = await world.newApp();
    const [a, b] = [await app.newUser('shared'), await other.newUser('shared')];
    expect(a).not.toBe(b);
    expect((await other.call('GET', '/v2/user/resolve/shared')).body.user_id).toBe(b);
  });

  test.each([
    ['no client user id', {}, ['body', 'client_user_id'], 'missing', 'Field required'],
    ['a client user id that is no text', { client_user_id: 1 }, ['body', 'client_user_id'], 'string_type', expect.any(String)],
    ['an empty client user id', { client_user_id: '' }, ['body', 'client_user_id'], 'too_small', expect.any(String)],
    ['one that is too long', { client_user_id: 'x'.repeat(256) }, ['body', 'client_user_id'], 'too_big', expect.stringContaining('255')],
    ['one with a NUL', { client_user_id: 'a\u0000b' }, ['body', 'client_user_id'], 'value_error', expect.stringContaining('NUL')],
    [
      'one with half a character',
      { client_user_id: 'a\ud800' },
      ['body', 'client_user_id'],
      'value_error',
      expect.stringContaining('Unicode'),
    ],
    [
      'an offset for a time zone',
      { client_user_id: 'x', fallback_time_zone: '+01:00' },
      ['body', 'fallback_time_zone'],
      'value_error',
      'Value error, Invalid IANA time zone: +01:00',
    ],
    [
      'an ingestion that ends before it begins',
      { client_user_id: 'x', ingestion_start: '2026-02-02', ingestion_end: '2026-02-01' },
      ['body', 'ingestion_end'],
      'value_error',
      'Value error, ingestion_end is before ingestion_start',
    ],
    [
      'a day of no calendar people use',
      { client_user_id: 'x', ingestion_start: '0001-01-01' },
      ['body', 'ingestion_start'],
      'value_error',
      'Value error, not between 1900-01-01 and 2199-12-31',
    ],
    [
      'a time zone that is none',
      { client_user_id: 'x', fallback_time_zone: 'Mars/Olympus' },
      ['body', 'fallback_time_zone'],
      'value_error',
      'Value error, Invalid IANA time zone: Mars/Olympus',
    ],
    [
      'a date that is none',
      { client_user_id: 'x', ingestion_start: '2026-02-30' },
      ['body', 'ingestion_start'],
      'invalid_format',
      expect.any(String),
    ],
  ])('refuses %s and names the field', async (_, body, loc, type, msg) => {
    const answer = await app.call('POST', '/v2/user', { body });
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toEqual([{ type, loc, msg, input: expect.anything() }]);
  });

  test.each([
    ['text that is not JSON', '{"client_user_id":', 422],
    ['JSON that is no object', '[]', 422],
    ['nothing', '', 422],
    ['more than anybody needs', JSON.stringify({ client_user_id: 'x'.repeat(1_100_000) }), 413],
  ])('refuses %s without a stack', async (_, body, status) => {
    const answer = await app.call('POST', '/v2/user', { body });
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toBeDefined();
    expect(JSON.stringify(answer.body)).not.toMatch(/\bat .*\.(ts|js)\b/);
  });

  test('refuses another content type', async () => {
    const answer = await app.call('POST', '/v2/user', { body: 'client_user_id=x', headers: { 'content-type': 'text/plain' } });
    expect([answer.status, answer.body]).toEqual([415, { detail: 'The body must be application/json' }]);
  });
});

describe('reading users', () => {
  test('one is found by id, in any case, with or without a slash at the end', async () => {
    const user_id = await app.newUser('found');
    for (const path of [`/v2/user/${user_id}`, `/v2/user/${user_id}/`, `/v2/user/${user_id.toUpperCase()}`])
      expect(await app.call('GET', path)).toMatchObject({ status: 200, body: { user_id, client_user_id: 'found' } });
  });

  test('one is found by client user id, whatever characters it has', async () => {
    for (const name of ['a b/c?ü:%', '../undo_delete', '%2F', '😀', '...', 'a ', 'x'.repeat(255)]) {
      const user_id = await app.newUser(name);
      expect((await app.call('GET', `/v2/user/resolve/${encodeURIComponent(name)}`)).body).toMatchObject({ user_id, client_user_id: name });
    }
  });

  test('a page is the newest first and tells how many there are', async () => {
    const fresh = await world.newApp();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await fresh.newUser(`n-${n}`));
    const page = async (query: string) => (await fresh.call('GET', `/v2/user${query}`)).body;

    expect((await page('')).users.map((user: { user_id: string }) => user.user_id)).toEqual(ids);
    expect(await page('?offset=1&limit=2')).toMatchObject({ total: 5, offset: 1, limit: 2 });
    expect((await page('?offset=1&limit=2')).users.map((user: { user_id: string }) => user.user_id)).toEqual(ids.slice(1, 3));
    expect(await page('?offset=9')).toMatchObject({ users: [], total: 0 });
  });

  test.each(['limit=0', 'limit=501', 'limit=many', 'offset=-1'])('a page of %s is refused', async (query) => {
    const { status, body } = await app.call('GET', `/v2/user?${query}`);
    expect([status, body.detail[0].loc]).toEqual([422, ['query', query.split('=')[0]]]);
  });

  test.each([
    ['/v2/user/{id}', 'Not found'],
    ['/v2/user/resolve/{id}', 'User not found'],
    ['/v2/user/providers/{id}', 'Not found'],
  ])('nobody is found at %s', async (path, detail) => {
    const answer = await app.call('GET', path.replace('{id}', randomUUID()));
    expect([answer.status, answer.body]).toEqual([404, { detail }]);
  });

  test('an id that is none is named', async () => {
    const { status, body } = await app.call('GET', '/v2/user/not-an-id');
    expect([status, body.detail[0].loc]).toEqual([422, ['path', 'user_id']]);
  });

  test('what is no route is not found, as JSON', async () => {
    expect(await app.call('GET', '/v2/nothing')).toMatchObject({ status: 404, body: { detail: 'Not found' } });
  });
});
