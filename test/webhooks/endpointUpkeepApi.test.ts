import { createKey } from '../../src/admin/createKey';
import type { MessageDoc } from '../../src/storage/messages';
import { openHeaders } from '../../src/webhooks/customHeaders';
import { MOST_FORMER_SECRETS } from '../../src/webhooks/rotateSecret';
import { eventTypes } from '../../src/webhooks/sendTest';
import { isSecret, newSecret } from '../../src/webhooks/signature';
import { type Answer, type ApiWorld, type App, keyring, openApiWorld } from '../api/apiWorld';
import { never } from './never';
import { aMessage } from './samples';

const HOUR_MS = 3_600_000;

describe('an endpoint’s upkeep by API', () => {
  let world: ApiWorld;
  let app: App;
  let id: string;
  const at = (rest = '') => `/v1/org/${app.orgId}/team/${app.teamId}/production/webhook${rest}`;
  const get = async (rest: string): Promise<Answer> => app.call('GET', at(`/${id}${rest}`));
  const post = (rest: string, body: object) => app.call('POST', at(`/${id}${rest}`), { body });
  const change = (body: object) => app.call('PATCH', at(`/${id}`), { body });
  const stored = async () => (await world.services.webhooks.endpoints.get({ teamId: app.teamId }, id)) ?? never();

  beforeAll(async () => {
    world = await openApiWorld();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    app = await world.newApp();
    id = (await app.call('POST', at(), { body: { url: 'https://8.8.8.8/hook' } })).body.id;
  });

  test('headers of its owner’s are kept sealed, and only their names come back', async () => {
    expect((await get('/headers')).body).toEqual({ headers: {}, sensitive: [] });
    const put = (headers: object) => app.call('PUT', at(`/${id}/headers`), { body: { headers } });
    expect((await put({ 'X-Api-Key': 'open sesame', authorization: 'Basic YTpi' })).status).toBe(204);
    expect((await get('/headers')).body).toEqual({ headers: {}, sensitive: ['x-api-key', 'authorization'] });
    expect(openHeaders(keyring, await stored())).toEqual({ 'x-api-key': 'open sesame', authorization: 'Basic YTpi' });
    expect(JSON.stringify(await world.db.collection('webhook_endpoints').find({}).toArray())).not.toContain('sesame');
    expect(world.logged()).not.toContain('sesame');

    expect((await put({})).status).toBe(204);
    expect((await get('/headers')).body).toEqual({ headers: {}, sensitive: [] });
  });

  test.each([
    ['ours', { 'Webhook-Id': 'x' }],
    ['Svix’s', { 'svix-signature': 'x' }],
    ['the body’s', { 'content-length': '1' }],
    ['the host', { HOST: 'inside' }],
    ['the connection’s', { 'transfer-encoding': 'chunked' }],
    ['no name', { 'a b': 'x' }],
    ['of two lines', { 'x-a': 'x\r\nhost: inside' }],
    ['without a value', { 'x-a': '' }],
    ['no ASCII', { 'x-a': 'é' }],
    ['twice', { 'x-a': '1', 'X-A': '2' }],
    ['too long', { 'x-a': 'x'.repeat(5_000) }],
    ['too many', Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`x-${n}`, 'y']))],
  ])('a header that is %s is refused by its name, and its value not repeated', async (_, headers) => {
    const { status, body } = await app.call('PUT', at(`/${id}/headers`), { body: { headers } });
    expect(status).toBe(422);
    expect(body.detail[0].loc.slice(0, 2)).toEqual(['body', 'headers']);
    expect(JSON.stringify(body)).not.toContain('inside');
    expect((await get('/headers')).body.sensitive).toEqual([]);
  });

  test('a rotated secret signs beside the new one for a day, for as long as was asked, or no longer', async () => {
    const before = (await get('/secret')).body;
    expect(before).toEqual({ key: expect.any(String), former: [] });
    expect((await post('/secret/rotate', {})).status).toBe(204);
    const after = (await get('/secret')).body;
    expect(isSecret(after.key)).toBe(true);
    expect(after.key).not.toBe(before.key);
    const hoursLeft = (Date.parse(after.former[0].signs_until) - Date.now()) / HOUR_MS;
    expect(Math.round(hoursLeft)).toBe(24);

    const own = newSecret();
    expect((await post('/secret/rotate', { key: own, keep_old_hours: 168 })).status).toBe(204);
    const third = (await get('/secret')).body;
    expect([third.key, third.former.length]).toEqual([own, 2]);
    expect((await app.call('DELETE', at(`/${id}/secret/former`))).status).toBe(204);
    expect((await get('/secret')).body).toEqual({ key: own, former: [] });

    await post('/secret/rotate', { keep_old_hours: 0 });
    expect((await get('/secret')).body.former).toEqual([]);
    const lying = JSON.stringify(await world.db.collection('webhook_endpoints').find({}).toArray());
    for (const secret of [before.key, after.key, own]) expect(lying).not.toContain(secret);
  });

  test('repeating a rotation to a key of one’s own changes nothing; a wrong key or time is refused by its name', async () => {
    const own = newSecret();
    await post('/secret/rotate', { key: own });
    await post('/secret/rotate', { key: own });
    expect((await get('/secret')).body.former).toHaveLength(1);
    for (const [field, body] of [
      ['key', { key: 'whsec_short' }],
      ['keep_old_hours', { keep_old_hours: 169 }],
      ['keep_old_hours', { keep_old_hours: -1 }],
    ] as const) {
      const refused = await post('/secret/rotate', body);
      expect([refused.status, refused.body.detail[0].loc]).toEqual([422, ['body', field]]);
    }
  });

  test('of rotations at once none is lost: each former secret signs, up to so many', async () => {
    const answers = await Promise.all(Array.from({ length: MOST_FORMER_SECRETS }, () => post('/secret/rotate', {})));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 204));
    expect((await stored()).formerSecrets).toHaveLength(MOST_FORMER_SECRETS);
    expect((await post('/secret/rotate', {})).status).toBe(409);
    expect((await post('/secret/rotate', { keep_old_hours: 0 })).status).toBe(204);
  });

  test('a key that may only read sees names and figures, and neither rotates nor tests', async () => {
    const { key } = await createKey(world.services, { team: app.teamId, label: 'reader', scopes: 'webhooks:read' });
    const by = (method: string, rest: string, body?: object) =>
      app.call(method, at(`/${id}${rest}`), { headers: { 'x-vital-api-key': key }, ...(body && { body }) });
    for (const rest of ['/headers', '/missing', '/statistics']) expect((await by('GET', rest)).status).toBe(200);
    expect((await by('POST', '/secret/rotate', {})).status).toBe(403);
    expect((await by('DELETE', '/secret/former')).status).toBe(403);
    expect((await by('POST', '/test', { event_type: eventTypes[0] })).status).toBe(403);
    expect((await by('PUT', '/headers', { headers: {} })).status).toBe(403);
  });

  test('a test event of every type waits for this endpoint alone, marked, and is in nobody’s feed', async () => {
    const { body: other } = await app.call('POST', at(), { body: { url: 'https://8.8.8.8/other' } });
    await change({ filter_types: ['provider.connection.created'] });
    for (const event_type of eventTypes) {
      const { status, body } = await post('/test', { event_type });
      expect(status).toBe(202);
      const [message] = await world.services.feed.messages.read(app.teamId, [body.message_id]);
      expect(message).toMatchObject({ targets: [id], type: event_type, userId: null, dispatched: true });
      expect(JSON.parse(message?.body ?? '')).toMatchObject({ event_type, test: true, team_id: app.teamId });
      expect(await world.services.webhooks.deliveries.get(app.teamId, body.message_id, id)).toMatchObject({ state: 'pending' });
      expect(await world.services.webhooks.deliveries.get(app.teamId, body.message_id, other.id)).toBeNull();
    }
    expect((await app.call('GET', '/v2/events')).body.data).toEqual([]);
    expect((await post('/test', { event_type: 'nothing.of.ours' })).body.detail[0].loc).toEqual(['body', 'event_type']);
    await change({ disabled: true });
    expect((await post('/test', { event_type: eventTypes[0] })).status).toBe(409);
  });

  /** Events of the team, a second apart and oldest first. */
  async function record(...given: readonly Partial<MessageDoc>[]): Promise<MessageDoc[]> {
    const oldest = Date.now() - HOUR_MS;
    const messages = given.map((one, n) => aMessage({ teamId: app.teamId, createdAt: oldest + n * 1_000, ...one }));
    for (const message of messages) await world.services.feed.messages.insert(message);
    return messages;
  }
  const deliveryOf = ({ _id: messageId, createdAt }: MessageDoc) => ({ teamId: app.teamId, endpointId: id, messageId, createdAt });
  const taken = { at: Date.now(), status: 204, error: null, tookMs: 5 };

  test('what it has not acknowledged is listed, oldest first: waiting, given up and never sent, of what its filters let through', async () => {
    await change({ filter_types: ['daily.data.*'] });
    const mine = { targets: [id] };
    const [accepted, waiting, exhausted, undelivered, unsent] = await record(
      mine,
      mine,
      mine,
      mine,
      {},
      { type: 'historical.data.glucose.created' },
    );
    const { deliveries } = world.services.webhooks;
    await deliveries.accept(deliveryOf(accepted ?? never()), taken);
    await deliveries.leavePending(deliveryOf(waiting ?? never()), { at: Date.now(), status: 503, error: 'HTTP 503', tookMs: 5 });
    await deliveries.leavePending(deliveryOf(exhausted ?? never()), null);
    await deliveries.exhaust({ _id: `${exhausted?._id}:${id}`, teamId: app.teamId }, 8);
    const elsewhere = aMessage({ createdAt: Date.now() });
    await world.services.feed.messages.insert(elsewhere);

    const since = new Date(Date.now() - 2 * HOUR_MS).toISOString();
    const { body } = await get(`/missing?since=${since}`);
    expect(body).toMatchObject({
      data: [
        { message_id: waiting?._id, state: 'pending', attempts: 1, last_status: 503, link: `/v2/events/${waiting?._id}` },
        { message_id: exhausted?._id, state: 'exhausted' },
        { message_id: undelivered?._id, state: 'pending', attempts: 0 },
        { message_id: unsent?._id, state: 'not_sent', last_status: null },
      ],
      next_cursor: null,
    });
    expect((await get('/missing')).body.data).toEqual([]);

    const paged: unknown[] = [];
    for (let cursor = ''; ; ) {
      const page = (await get(`/missing?since=${since}&limit=1${cursor}`)).body;
      paged.push(...page.data);
      if (page.next_cursor === null) break;
      cursor = `&next_cursor=${page.next_cursor}`;
    }
    expect(paged).toEqual(body.data);
    for (const [field, query] of [
      ['next_cursor', '?next_cursor=made-up'],
      ['since', '?since=yesterday'],
    ])
      expect((await get(`/missing${query}`)).body.detail[0].loc).toEqual(['query', field]);
  });

  test('its statistics tell what was taken, waits and was given up, how fast, and when last', async () => {
    expect((await get('/statistics')).body).toEqual({
      ...{ since: expect.any(String), accepted: 0, exhausted: 0, pending: 0 },
      ...{ latency_ms: null, last_accepted_at: null, last_failed_at: null },
    });
    const messages = await record(...Array.from({ length: 23 }, () => ({ targets: [id] })));
    const { deliveries, attempts } = world.services.webhooks;
    for (const [n, message] of messages.slice(0, 20).entries())
      await deliveries.accept(deliveryOf(message), { ...taken, at: Date.now() - n * 1_000, tookMs: (n + 1) * 10 });
    for (const message of messages.slice(20)) await deliveries.leavePending(deliveryOf(message), null);
    await deliveries.noteFailure({ _id: `${messages[22]?._id}:${id}`, teamId: app.teamId }, { ...taken, status: 500, error: 'HTTP 500' });
    await deliveries.exhaust({ _id: `${messages[22]?._id}:${id}`, teamId: app.teamId }, 8);
    const failed = { outcome: 'failed', status: 500, error: 'HTTP 500', latencyMs: 7, excerpt: null, nextAttemptAt: null } as const;
    const { createdAt: _, ...last } = deliveryOf(messages[22] ?? never());
    await attempts.insert({ ...last, ...failed, at: Date.now() - 5_000 });

    const { body } = await get('/statistics');
    expect(body).toMatchObject({ accepted: 20, exhausted: 1, pending: 2, latency_ms: { p50: 100, p95: 190 } });
    expect(Date.parse(body.last_accepted_at)).toBeGreaterThan(Date.parse(body.last_failed_at));
    const later = new Date(Date.now() + HOUR_MS).toISOString();
    expect((await get(`/statistics?since=${later}`)).body).toMatchObject({ accepted: 0, exhausted: 0, pending: 2, latency_ms: null });
    expect((await get('/statistics?since=yesterday')).body.detail[0].loc).toEqual(['query', 'since']);
  });

  test('who asks for one person or for thin events is answered so, and the filter can be taken off', async () => {
    const userId = await app.newUser();
    expect((await change({ user_ids: [userId], payload: 'thin', filter_types: ['daily.*'] })).body).toMatchObject({
      ...{ user_ids: [userId], payload: 'thin', filter_types: ['daily.*'] },
    });
    expect((await change({ user_ids: null, filter_types: null })).body).toMatchObject({
      user_ids: null,
      filter_types: null,
      payload: 'thin',
    });
  });

  test('since when it is disabled stays until it is enabled, with a catch-up if that is asked for', async () => {
    const { body: disabled } = await change({ disabled: true });
    expect(disabled.disabled_at).not.toBeNull();
    expect((await change({ disabled: true, description: 'still' })).body.disabled_at).toBe(disabled.disabled_at);
    for (const body of [{ catch_up_since: disabled.disabled_at }, { catch_up_since: disabled.disabled_at, disabled: true }])
      expect((await change(body)).body.detail[0].loc).toEqual(['body', 'catch_up_since']);

    const { body } = await change({ disabled: false, catch_up_since: disabled.disabled_at });
    expect(body).toMatchObject({ disabled: false, disabled_at: null, disabled_reason: null, catching_up_since: disabled.disabled_at });
  });
});
