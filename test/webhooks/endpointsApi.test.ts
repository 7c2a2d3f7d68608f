import { randomUUID } from 'node:crypto';
import { createKey } from '../../src/admin/createKey';
import { isSecret, newSecret } from '../../src/webhooks/signature';
import { ALLOWED_WEBHOOK_HOST, type ApiWorld, type App, openApiWorld } from '../api/apiWorld';

describe('endpoints by API', () => {
  let world: ApiWorld;
  let app: App;
  const at = ({ orgId, teamId }: App, rest = '', environment = 'production') =>
    `/v1/org/${orgId}/team/${teamId}/${environment}/webhook${rest}`;
  const attemptsOf = (id: string, query: string) => at(app, `/${id}/attempts${query}`);
  const create = async (body: object, by = app, environment = 'production') => by.call('POST', at(by, '', environment), { body });

  beforeAll(async () => {
    world = await openApiWorld();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    app = await world.newApp();
  });

  test('an endpoint is registered, listed, read and deleted', async () => {
    const { status, body: made } = await create({
      url: 'https://8.8.8.8/hook',
      filter_types: ['daily.data.glucose.created'],
      rate_limit: 20,
    });
    expect(status).toBe(200);
    expect(made).toEqual({
      id: expect.any(String),
      description: '',
      rate_limit: 20,
      url: 'https://8.8.8.8/hook',
      disabled: false,
      filter_types: ['daily.data.glucose.created'],
      user_ids: null,
      payload: 'full',
      created_at: expect.stringMatching(/\+00:00$/),
      updated_at: made.created_at,
      disabled_reason: null,
      disabled_at: null,
      catching_up_since: null,
      failing_since: null,
      state: 'healthy',
    });
    expect((await app.call('GET', at(app))).body).toEqual({ data: [made], next_cursor: null });
    expect((await app.call('GET', at(app, `/${made.id}`))).body).toEqual(made);

    expect((await app.call('DELETE', at(app, `/${made.id}`))).status).toBe(204);
    expect((await app.call('GET', at(app, `/${made.id}`))).status).toBe(404);
    expect((await app.call('DELETE', at(app, `/${made.id}`))).status).toBe(404);
    expect((await app.call('GET', at(app))).body).toEqual({ data: [], next_cursor: null });
  });

  test('its secret is ours or the one brought along, and lies sealed', async () => {
    const { body: ours } = await create({ url: 'https://8.8.8.8/hook' });
    const secret = await app.call('GET', at(app, `/${ours.id}/secret`));
    expect(isSecret(secret.body.key)).toBe(true);
    expect(secret.headers.get('cache-control')).toBe('no-store');

    const key = newSecret();
    const { body: theirs } = await create({ url: 'https://8.8.8.8/hook', secret: key });
    expect((await app.call('GET', at(app, `/${theirs.id}/secret`))).body).toEqual({ key, former: [] });
    const stored = JSON.stringify(await world.db.collection('webhook_endpoints').find({}).toArray());
    expect(stored).not.toContain(key);
    expect(world.logged()).not.toContain(key);
  });

  test.each([
    ['without https', 'http://hooks.example.com/'],
    ['of a loopback address', 'https://127.0.0.1/hook'],
    ['of a name that leads to one', 'https://localhost/hook'],
    ['of a private network', 'https://192.168.1.10/hook'],
    ['of the metadata service', 'https://169.254.169.254/latest'],
    ['that is none', 'hooks'],
  ])('a URL %s is refused with a 422 that names it, when registered and when changed', async (_, url) => {
    const { body: made } = await create({ url: 'https://8.8.8.8/hook' });
    for (const { status, body } of [await create({ url }), await app.call('PATCH', at(app, `/${made.id}`), { body: { url } })]) {
      expect(status).toBe(422);
      expect(body.detail).toEqual([expect.objectContaining({ loc: ['body', 'url'] })]);
    }
    expect((await app.call('GET', at(app, `/${made.id}`))).body).toEqual(made);
  });

  test('the operator’s own hosts need no https', async () => {
    expect((await create({ url: `http://${ALLOWED_WEBHOOK_HOST}/hook` })).status).toBe(200);
    expect((await create({ url: 'http://receiver.test:8081/hook' })).status).toBe(422);
  });

  test.each([
    ['url', {}],
    ['secret', { secret: 'whsec_short' }],
    ['rate_limit', { rate_limit: 0 }],
    ['filter_types', { filter_types: [] }],
    ['filter_types', { filter_types: ['daily.*.created'] }],
    ['user_ids', { user_ids: [] }],
    ['user_ids', { user_ids: ['ada'] }],
    ['payload', { payload: 'slim' }],
    ['disabled', { disabled: 'yes' }],
  ])('a wrong %s is refused by its name', async (field, given) => {
    const { status, body } = await create(field === 'url' ? {} : { url: 'https://8.8.8.8/', ...given });
    expect(status).toBe(422);
    expect(body.detail[0].loc.slice(0, 2)).toEqual(['body', field]);
  });

  test('what is changed changes, what is left out stays', async () => {
    const { body: made } = await create({
      url: 'https://8.8.8.8/hook',
      description: 'first',
      filter_types: ['provider.connection.created'],
    });
    const change = { description: 'second', filter_types: null, disabled: true };
    const { body: changed } = await app.call('PATCH', at(app, `/${made.id}`), { body: change });
    const since = { disabled_at: expect.any(String), updated_at: expect.any(String) };
    expect(changed).toEqual({ ...made, ...change, ...since, disabled_reason: 'request' });
    expect((await app.call('GET', at(app, `/${made.id}`))).body).toEqual(changed);
  });

  test('another team’s endpoint is not found, whatever is done to it', async () => {
    const { body: made } = await create({ url: 'https://8.8.8.8/hook' });
    const other = await world.newApp();
    for (const path of [at(other, `/${made.id}`), at(app, `/${made.id}`)]) {
      expect((await other.call('GET', path)).status).toBe(404);
      expect((await other.call('GET', `${path}/secret`)).status).toBe(404);
      expect((await other.call('PATCH', path, { body: { disabled: true } })).status).toBe(404);
      expect((await other.call('DELETE', path)).status).toBe(404);
    }
    expect((await other.call('POST', at(app), { body: { url: 'https://8.8.8.8/' } })).status).toBe(404);
    expect((await other.call('GET', at(app))).status).toBe(404);
    expect((await app.call('GET', at(app, `/${made.id}`))).body).toEqual(made);
  });

  test('every try to deliver to it is told once, latest first, over however many pages, and of one message alone', async () => {
    const { body: made } = await create({ url: 'https://8.8.8.8/hook' });
    const { teamId } = app;
    const { attempts, deliveries } = world.services.webhooks;
    const began = Date.now() - 60_000;
    const of = (n: number) => ({ teamId, endpointId: made.id, messageId: `msg_${n}`, createdAt: began });
    const refused = { outcome: 'failed', status: 500, error: 'HTTP 500', latencyMs: 7, excerpt: 'no', nextAttemptAt: null } as const;
    const { createdAt: _, ...second } = of(2);
    // The first is taken at once; the second, of the same moment, at its third try.
    await deliveries.accept(of(1), { at: began, status: 204, error: null, tookMs: 5 });
    await deliveries.leavePending(of(2), { at: began, status: 500, error: 'HTTP 500', tookMs: 7 });
    for (const [n, one] of [
      refused,
      refused,
      { ...refused, outcome: 'accepted', status: 200, error: null, excerpt: null } as const,
    ].entries())
      await attempts.insert({ ...second, ...one, at: began + n * 1_000 });
    await deliveries.acceptPending({ _id: `msg_2:${made.id}`, teamId }, { at: began + 2_000, status: 200, error: null, tookMs: 7 });

    const list = async (query: string) => (await app.call('GET', attemptsOf(made.id, query))).body;
    const { data, next_cursor } = await list('');
    expect(next_cursor).toBeNull();
    expect(data.map(({ message_id, outcome, status }: Record<string, unknown>) => [message_id, outcome, status])).toEqual([
      ['msg_2', 'accepted', 200],
      ['msg_2', 'failed', 500],
      ['msg_2', 'failed', 500],
      ['msg_1', 'accepted', 204],
    ]);
    expect(data[1]).toMatchObject({ latency_ms: 7, error: 'HTTP 500', excerpt: 'no', next_attempt_at: null });

    const paged: unknown[] = [];
    for (let cursor = ''; ; ) {
      const page = await list(`?limit=1${cursor}`);
      paged.push(...page.data);
      if (page.next_cursor === null) break;
      cursor = `&next_cursor=${page.next_cursor}`;
    }
    expect(paged).toEqual(data);
    expect((await list('?message_id=msg_1')).data).toEqual(data.slice(3));
    expect((await list('?message_id=msg_2')).data).toEqual(data.slice(0, 3));
    expect((await (await world.newApp()).call('GET', attemptsOf(made.id, ''))).status).toBe(404);
  });

  test('the environments are two lists', async () => {
    const { body: made } = await create({ url: 'https://8.8.8.8/hook' }, app, 'sandbox');
    expect((await app.call('GET', at(app))).body.data).toEqual([]);
    expect((await app.call('GET', at(app, '', 'sandbox'))).body.data).toEqual([made]);
    expect((await app.call('GET', at(app, `/${made.id}`))).status).toBe(404);
    expect((await app.call('GET', at(app, '', 'staging'))).status).toBe(422);
  });

  test('a management key of the organisation opens it, one of another does not', async () => {
    const keyOf = async ({ orgId }: App) => (await createKey(world.services, { management: true, org: orgId, label: 'test' })).key;
    const other = await world.newApp();
    const headers = (key: string) => ({ 'x-vital-api-key': '', 'x-management-key': key });
    expect((await app.call('GET', at(app), { headers: headers(await keyOf(app)) })).status).toBe(200);
    expect((await app.call('GET', at(app), { headers: headers(await keyOf(other)) })).status).toBe(404);
    expect((await app.call('GET', at(app), { headers: { 'x-vital-api-key': 'nonsense' } })).status).toBe(401);
  });

  test('a key that may only read sees no secret and changes nothing', async () => {
    const { body: made } = await create({ url: 'https://8.8.8.8/hook' });
    const { key } = await createKey(world.services, { team: app.teamId, label: 'reader', scopes: 'webhooks:read' });
    const headers = { 'x-vital-api-key': key };
    expect((await app.call('GET', at(app, `/${made.id}`), { headers })).status).toBe(200);
    expect((await app.call('GET', at(app, `/${made.id}/secret`), { headers })).status).toBe(403);
    expect((await app.call('DELETE', at(app, `/${made.id}`), { headers })).status).toBe(403);
    expect((await app.call('POST', at(app), { body: { url: 'https://8.8.8.8/' }, headers })).status).toBe(403);
  });

  test('pages hold every endpoint once', async () => {
    const made: string[] = [];
    for (let n = 0; n < 7; n++) made.push((await create({ url: `https://8.8.8.8/${n}` })).body.id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor ? `?limit=3&next_cursor=${cursor}` : '?limit=3';
      const { body } = await app.call('GET', at(app, query));
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(made);
    expect((await app.call('GET', at(app, '?next_cursor=made-up'))).status).toBe(422);
  });

  test('an endpoint that never was is not found', async () => {
    expect((await app.call('GET', at(app, `/${randomUUID()}`))).status).toBe(404);
    expect((await app.call('GET', at(app, '/not-an-id'))).status).toBe(422);
  });
});
