import { createKey } from '../../src/admin/createKey';
import type { MessageDoc } from '../../src/storage/messages';
import { aMessage } from '../webhooks/samples';
import { type ApiWorld, type App, openApiWorld } from './apiWorld';

const HOUR_MS = 3_600_000;
const NOWHERE = '56bd81c9-6219-4000-a775-ae85526eba18';

describe('what an endpoint is sent again', () => {
  let world: ApiWorld;
  let app: App;
  let id: string;

  beforeAll(async () => {
    world = await openApiWorld();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    app = await world.newApp();
    id = (await app.call('POST', at(''), { body: { url: 'https://8.8.8.8/hook' } })).body.id;
  });

  const at = (rest: string) => `/v1/org/${app.orgId}/team/${app.teamId}/production/webhook${rest}`;
  const post = (rest: string, body: object, headers = {}) => app.call('POST', at(`/${id}${rest}`), { body, headers });
  const iso = (unixMs: number) => new Date(unixMs).toISOString();
  const since = () => iso(Date.now() - 2 * HOUR_MS);
  const window = () => ({ from: since(), to: iso(Date.now() + HOUR_MS) });

  /** Told an hour ago and taken then. */
  async function taken(given: Partial<MessageDoc> = {}): Promise<MessageDoc> {
    const message = aMessage({ teamId: app.teamId, createdAt: Date.now() - HOUR_MS, targets: [id], dispatched: true, ...given });
    await world.services.feed.messages.insert(message);
    const delivery = { teamId: app.teamId, endpointId: id, messageId: message._id, createdAt: message.createdAt };
    await world.services.webhooks.deliveries.accept(delivery, { at: message.createdAt, status: 200, error: null, tookMs: 5 });
    return message;
  }

  test('is begun, joined by the same call, told of as it goes on, and cancelled', async () => {
    const userId = await app.newUser();
    const wish = { user_id: userId, event_types: ['daily.*'], ...window() };
    const begun = await post('/replay', wish);
    expect(begun.status).toBe(202);
    expect(begun.body).toMatchObject({
      kind: 'replay',
      status: 'running',
      queued: 0,
      user_id: userId,
      event_types: ['daily.*'],
      ended_at: null,
    });
    const joined = await post('/replay', wish);
    expect([joined.status, joined.body.id, joined.body.started_at]).toEqual([202, begun.body.id, begun.body.started_at]);

    const replay = at(`/${id}/replay/${begun.body.id}`);
    expect((await app.call('GET', replay)).body).toEqual(begun.body);
    const cancelled = await app.call('DELETE', replay);
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);
    expect((await app.call('DELETE', replay)).body).toEqual(cancelled.body);
    expect((await app.call('GET', replay)).body).toEqual(cancelled.body);
    expect((await app.call('GET', at(`/${id}/replay/${NOWHERE}`))).status).toBe(404);
    const { body: other } = await app.call('POST', at(''), { body: { url: 'https://8.8.8.8/other' } });
    expect((await app.call('GET', at(`/${other.id}/replay/${begun.body.id}`))).status).toBe(404);
  });

  test('is counted by a dry run, which begins nothing', async () => {
    const userId = await app.newUser();
    await taken({ userId });
    await taken();
    const dry = { ...window(), dry_run: true };
    const { status, body } = await post('/replay', dry);
    expect([status, body]).toEqual([200, { would_send: 2, already_waiting: 0, complete: true }]);
    expect((await post('/replay', { ...dry, user_id: userId })).body.would_send).toBe(1);
    expect((await post('/replay', { ...dry, event_types: ['provider.*'] })).body.would_send).toBe(0);
    expect(await world.db.collection('replays').countDocuments({ teamId: app.teamId })).toBe(0);
  });

  test('is one event by its id, or what was given up since an instant', async () => {
    const message = await taken();
    expect((await post('/resend', { message_id: message._id })).body).toMatchObject({
      kind: 'resend',
      message_id: message._id,
      up_to: null,
    });
    const from = since();
    const { status, body } = await post('/recover', { since: from });
    expect([status, body]).toMatchObject([
      202,
      { kind: 'recover', since: `${from.slice(0, 19)}+00:00`, up_to: `${from.slice(0, 19)}+00:00` },
    ]);
  });

  test('is nothing of an event, a user or an endpoint that is not there, or not any more', async () => {
    const message = await taken();
    const foreign = await world.newApp();
    await world.services.feed.messages.erase(app.teamId, [message._id]);
    const gone = await post('/resend', { message_id: message._id });
    expect([gone.status, gone.body]).toEqual([404, { detail: 'There is no such event, or not any more' }]);
    const user = await post('/replay', { ...window(), user_id: await foreign.newUser() });
    expect([user.status, user.body]).toEqual([404, { detail: 'There is no such user' }]);
    for (const [rest, body] of [
      ['/resend', { message_id: message._id }],
      ['/recover', { since: since() }],
      ['/replay', window()],
    ] as const)
      expect((await app.call('POST', at(`/${NOWHERE}${rest}`), { body })).status).toBe(404);
  });

  test('is refused while the endpoint is disabled, with a sentence that says what to do', async () => {
    const message = await taken();
    await app.call('PATCH', at(`/${id}`), { body: { disabled: true } });
    for (const [rest, body] of [
      ['/resend', { message_id: message._id }],
      ['/recover', { since: since() }],
      ['/replay', window()],
    ] as const) {
      const refused = await post(rest, body);
      expect([refused.status, refused.body]).toEqual([409, { detail: 'The endpoint is disabled; enable it first' }]);
    }
    expect((await post('/replay', { ...window(), dry_run: true })).body.would_send).toBe(1);
  });

  test('is begun once for an Idempotency-Key, which stands for one request', async () => {
    const headers = { 'idempotency-key': 'after the outage' };
    const from = since();
    const first = await post('/recover', { since: from }, headers);
    expect((await post('/recover', { since: from }, headers)).body).toEqual(first.body);
    const other = await post('/replay', window(), headers);
    expect([other.status, other.body]).toEqual([409, { detail: 'This Idempotency-Key was sent with another request' }]);
    expect((await post('/recover', { since: from })).body.id).not.toBe(first.body.id);
  });

  test.each([
    ['/replay', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, ['body', 'to']],
    ['/replay', { from: 'yesterday', to: '2026-01-01T00:00:00Z' }, ['body', 'from']],
    ['/replay', { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', event_types: [] }, ['body', 'event_types']],
    ['/replay', { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', user_id: 'me' }, ['body', 'user_id']],
    ['/recover', {}, ['body', 'since']],
    ['/resend', {}, ['body', 'message_id']],
  ])('is refused by the name of the field that is wrong: %s %j', async (rest, body, loc) => {
    const { status, body: answer } = await post(rest, body);
    expect([status, answer.detail[0].loc]).toEqual([422, loc]);
  });

  test.each([
    ['from', { from: 'yesterday', to: '2026-01-01T00:00:00Z' }],
    // JavaScript reads this one as an instant, later than `to`.
    ['from', { from: '9999', to: '2026-01-01T00:00:00Z' }],
    ['to', { from: '2026-01-01T00:00:00Z', to: '' }],
  ])('is refused for a %s that is no instant by that alone: %j', async (field, body) => {
    const { status, body: answer } = await post('/replay', body);
    expect([status, answer.detail.map(({ loc }: { loc: unknown }) => loc)]).toEqual([422, [['body', field]]]);
  });

  test('is refused for all that is wrong with its instants and the rest at once', async () => {
    const { body: answer } = await post('/replay', { from: 'yesterday', to: 'today', user_id: 'me' });
    expect(answer.detail.map(({ loc }: { loc: string[] }) => loc[1]).toSorted()).toEqual(['from', 'to', 'user_id']);
  });

  test('is for keys that may write; who may read sees how far it is', async () => {
    const { body: replay } = await post('/recover', { since: since() });
    const { key } = await createKey(world.services, { team: app.teamId, label: 'reader', scopes: 'webhooks:read' });
    const by = (method: string, rest: string, body?: object) =>
      app.call(method, at(`/${id}${rest}`), { headers: { 'x-vital-api-key': key }, ...(body && { body }) });
    expect((await by('GET', `/replay/${replay.id}`)).status).toBe(200);
    expect((await by('DELETE', `/replay/${replay.id}`)).status).toBe(403);
    expect((await by('POST', '/recover', { since: since() })).status).toBe(403);
  });
});
