import { randomUUID } from 'node:crypto';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { dayId } from '../../src/storage/glucoseDays';
import { publishDay } from '../../src/sync/publishNews';
import { readingAt } from '../glucose/readings';
import { sampleConnection } from '../storage/sampleConnection';
import { ALLOWED_WEBHOOK_HOST, type ApiWorld, type App, openApiWorld } from './apiWorld';

const DAY = 86_400_000;
const AT = Date.parse('2026-11-20T12:00:00Z');

let world: ApiWorld;
let app: App;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
});
afterAll(() => world?.close());

async function userWith(change: Partial<ConnectionDoc>): Promise<string> {
  const userId = await app.newUser();
  await world.services.connections.ensure(sampleConnection({ teamId: app.teamId, userId, ...change }));
  return userId;
}

const halfDone = {
  createdAt: AT,
  history: { pullId: null, scheduledAt: AT, offeredFrom: null, pushed: false },
  nextPollAt: AT + 60_000,
  newestReadingAt: AT - 300_000,
  lastSuccessAt: AT,
  readings: 17_280,
  backfill: {
    floor: AT - 90 * DAY,
    ceiling: AT,
    doneBackTo: AT - 60 * DAY + 2_000,
    windowsDone: 2,
    windowsTotal: 3,
    readings: 17_280,
    startedAt: AT + 1_000,
    endedAt: null,
  },
} satisfies Partial<ConnectionDoc>;

const historicalPull = async (userId: string) =>
  (await app.call('GET', `/v2/introspect/historical_pull?user_id=${userId}`)).body.data[0].provider.dexcom_v3.pulled.glucose;

const window = (start: string, end: string, status: string, readings = 0) => ({ start, end, status, readings });

async function store(userId: string, instants: readonly number[]): Promise<void> {
  const [connection] = await world.services.connections.ofUser(app.teamId, userId);
  const connectionId = connection?._id ?? '';
  for (const id of new Set(instants.map((at) => dayId(connectionId, at)))) {
    const readings = instants
      .toSorted((a, b) => a - b)
      .filter((at) => dayId(connectionId, at) === id)
      .map((at) => readingAt(at, {}));
    const day = { _id: id, teamId: app.teamId, userId, connectionId, version: 1, pullSeq: 1, unpublished: false, readings };
    expect(await world.services.glucoseDays.write(day)).toBe(true);
  }
}

describe('the historical pull of a user', () => {
  test('is told in the contract’s shape, with how far it is', async () => {
    const userId = await userWith(halfDone);
    const { body } = await app.call('GET', `/v2/introspect/historical_pull?user_id=${userId}`);
    expect(body).toEqual({
      data: [
        {
          user_id: userId,
          provider: {
            dexcom_v3: {
              pulled: {
                glucose: {
                  status: 'in_progress',
                  range_start: '2026-08-22T12:00:00+00:00',
                  range_end: '2026-11-20T12:00:00+00:00',
                  timeline: { scheduled_at: '2026-11-20T12:00:00+00:00', started_at: '2026-11-20T12:00:01+00:00', ended_at: null },
                  days_with_data: 0,
                  windows: [
                    window('2026-10-21T12:00:01+00:00', '2026-11-20T12:00:00+00:00', 'done'),
                    window('2026-09-21T12:00:02+00:00', '2026-10-21T12:00:01+00:00', 'done'),
                    window('2026-08-22T12:00:03+00:00', '2026-09-21T12:00:02+00:00', 'waiting'),
                    window('2026-08-22T12:00:00+00:00', '2026-08-22T12:00:03+00:00', 'waiting'),
                  ],
                  gaps: [{ start: '2026-09-22', end: '2026-11-19', days: 59 }],
                  release: expect.stringMatching(/^\d+\.\d+\.\d+/),
                  trace_id: null,
                  error_details: null,
                  windows_done: 2,
                  windows_total: 3,
                  oldest_reached: '2026-09-21T12:00:02+00:00',
                  readings: 17_280,
                  next_poll: '2026-11-20T12:01:00+00:00',
                  last_error: null,
                },
              },
              not_pulled: ['insulin_injection', 'carbohydrates', 'note', 'workout_duration'],
            },
          },
        },
      ],
      next: null,
      next_cursor: null,
    });
  });

  const { backfill } = halfDone;
  const failed = { type: 'RateLimited', message: 'Dexcom asks for patience', at: AT };
  test.each([
    ['scheduled', { backfill: { ...backfill, startedAt: null } }, { status: 'scheduled', error_details: null }],
    [
      'done',
      { backfill: { ...backfill, endedAt: AT + 9_000 }, failures: 1, lastError: failed },
      { status: 'success', error_details: null },
    ],
    [
      'tried again',
      { failures: 2, lastError: failed },
      { status: 'retrying', error_details: 'provider_rate_limit_exceeded', last_error: { ...failed, at: '2026-11-20T12:00:00+00:00' } },
    ],
    [
      'its windows keep failing while live polls succeed',
      { failures: 0, lastError: null, historyError: { type: 'DexcomUnavailable', at: AT } },
      { status: 'retrying', error_details: 'provider_unavailable' },
    ],
    [
      'live polls keep failing while its windows are read',
      { failures: 2, lastError: failed, lastSuccessAt: AT + 1 },
      { status: 'in_progress', error_details: null, last_error: null },
    ],
    [
      'one window was left behind',
      { backfill: { ...backfill, skipped: [{ from: AT - 30 * DAY, to: AT - 10 * DAY }] } },
      { status: 'retrying', error_details: null },
    ],
    [
      'the grant is refused',
      { lastError: { ...failed, type: 'rotation_lost' }, historyError: { type: 'DexcomUnavailable', at: AT } },
      { status: 'failure', error_details: 'non_retriable_error' },
    ],
    [
      'a worker died over it',
      { historyError: { type: 'Timeout', at: AT } },
      { status: 'retrying', error_details: 'transport_failure', last_error: { type: 'Timeout', at: '2026-11-20T12:00:00+00:00' } },
    ],
    ['a word is unknown', { lastError: { ...failed, type: 'TypeError' } }, { error_details: 'unexpected_error' }],
    ['paused', { desired: 'paused' }, { status: 'scheduled', next_poll: null }],
  ] as const)('is told when %s', async (_, change, expected) => {
    expect(await historicalPull(await userWith({ ...halfDone, ...change }))).toMatchObject(expected);
  });

  test('does not pass over a window that failed', async () => {
    const skipped = [{ from: AT - 30 * DAY, to: AT - 10 * DAY }];
    const userId = await userWith({ ...halfDone, backfill: { ...backfill, skipped } });
    expect((await historicalPull(userId)).oldest_reached).toBe('2026-11-10T12:00:00+00:00');
  });

  test('counts the readings of each window to the very instant, and names the days without any', async () => {
    const userId = await userWith({
      ...halfDone,
      backfill: { ...backfill, skipped: [{ from: AT - 60 * DAY + 2_000, to: AT - 30 * DAY + 1_000 }] },
    });
    const border = AT - 30 * DAY + 1_000;
    // Noon is where windows meet; the last one has not been read, and is known from before.
    await store(userId, [AT - DAY, AT - 2 * DAY, AT - 2 * DAY + 1, border, border - 1, border - 2, AT - 80 * DAY]);
    expect(await historicalPull(userId)).toMatchObject({
      days_with_data: 4,
      windows: [{ status: 'done', readings: 4 }, { status: 'skipped', readings: 2 }, { status: 'waiting', readings: 1 }, { readings: 0 }],
      gaps: [{ start: '2026-10-22', end: '2026-11-17', days: 27 }],
    });
  });

  test('tells of a page of users how far each is, but nothing that takes a look at every day', async () => {
    const userId = await userWith(halfDone);
    const { body } = await app.call('GET', '/v2/introspect/historical_pull?user_limit=200');
    const { glucose } = body.data.find(({ user_id }: { user_id: string }) => user_id === userId).provider.dexcom_v3.pulled;
    expect(glucose).toMatchObject({ status: 'in_progress', windows_done: 2 });
    for (const key of ['days_with_data', 'windows', 'gaps']) expect(glucose).not.toHaveProperty(key);
  });

  test('is of its own when it was asked for: its id, and since when', async () => {
    const pullId = randomUUID();
    const history = { pullId, scheduledAt: AT + 5_000, offeredFrom: null, pushed: false };
    expect(await historicalPull(await userWith({ ...halfDone, history }))).toMatchObject({
      trace_id: pullId,
      timeline: { scheduled_at: '2026-11-20T12:00:05+00:00' },
    });
  });
});

describe('the resources of a user', () => {
  const glucoseOf = async (userId: string) =>
    (await app.call('GET', `/v2/introspect/resources?user_id=${userId}`)).body.data[0].provider.dexcom_v3.glucose;

  test('are told in the contract’s shape', async () => {
    expect(await glucoseOf(await userWith(halfDone))).toEqual({
      last_attempt: { timestamp: '2026-11-20T12:00:00+00:00', status: 'success' },
      oldest_data: null,
      freshness: null,
      quarantined: 0,
      newest_data: '2026-11-20T11:55:00+00:00',
      sent_count: 17_280,
      next_poll: '2026-11-20T12:01:00+00:00',
      last_error: null,
    });
  });

  test('begin with the oldest reading, not where was looked', async () => {
    const userId = await userWith(halfDone);
    await store(userId, [AT - 10 * DAY, AT - 10 * DAY - 5_000, AT - DAY]);
    expect((await glucoseOf(userId)).oldest_data).toBe('2026-11-10T11:59:55+00:00');
  });

  test('tells what is stored, also what narrower bounds hide from queries', async () => {
    const userId = await userWith({ ...halfDone, readings: 1 });
    const at = Date.parse('2026-11-10T11:59:55Z');
    await store(userId, [at]);
    const before = await glucoseOf(userId);
    const { windows } = await historicalPull(userId);
    expect((await app.call('PATCH', `/v2/user/${userId}`, { body: { ingestion_start: '2026-11-15' } })).status).toBe(204);
    const flat = await app.call('GET', `/v2/timeseries/${userId}/glucose?start_date=2026-11-01`);
    expect(flat.body).toEqual([]);
    expect(await glucoseOf(userId)).toMatchObject({ oldest_data: before.oldest_data, sent_count: before.sent_count });
    expect((await historicalPull(userId)).windows).toEqual(windows);
  });

  test('tell apart how long Dexcom took to show the newest reading and how long we took from there', async () => {
    const at = AT - 300_000;
    const freshness = { newestAt: at, delayMs: 240_000, missesInARow: 0, lookedAt: AT, seenAt: AT - 60_000, unseenAt: AT - 90_000 };
    const userId = await userWith({ ...halfDone, freshness });
    expect((await glucoseOf(userId)).freshness).toEqual({
      newest_reading: '2026-11-20T11:55:00+00:00',
      first_seen: '2026-11-20T11:59:00+00:00',
      delivered: null,
      recorded_to_visible_seconds: { at_least: 210, at_most: 240 },
      visible_to_delivered_seconds: null,
    });

    const { outbox, glucoseDays, webhooks } = world.services;
    const [connection] = await world.services.connections.ofUser(app.teamId, userId);
    if (!connection) throw new Error('not connected');
    const reading = readingAt(at, { mark: 1, change: 'created' });
    const day = { _id: dayId(connection._id, at), teamId: app.teamId, userId, connectionId: connection._id, version: 1, pullSeq: 1 };
    const { body } = await app.call('POST', `/v1/org/${app.orgId}/team/${app.teamId}/production/webhook`, {
      body: { url: `http://${ALLOWED_WEBHOOK_HOST}/` },
    });
    await glucoseDays.write({ ...day, unpublished: true, readings: [reading] });
    await publishDay({ glucoseDays, ...outbox }, connection, { ...day, unpublished: true, readings: [reading] });
    const [message] = await outbox.messages.undispatchedOf(connection._id, 1);
    if (!message) throw new Error('not told');
    expect((await glucoseOf(userId)).freshness).toMatchObject({ delivered: null });

    const delivery = { teamId: app.teamId, endpointId: body.id, messageId: message._id, createdAt: message.createdAt };
    await webhooks.deliveries.accept(delivery, { at: AT - 58_500, status: 200, error: null, tookMs: 5 });
    expect((await glucoseOf(userId)).freshness).toMatchObject({
      delivered: '2026-11-20T11:59:01+00:00',
      recorded_to_visible_seconds: { at_least: 210, at_most: 240 },
      visible_to_delivered_seconds: { at_least: 1.5, at_most: 31.5 },
    });
  });

  test('of a fresh connection are empty', async () => {
    expect(await glucoseOf(await userWith({}))).toMatchObject({ last_attempt: null, oldest_data: null, newest_data: null, sent_count: 0 });
  });

  test('after a failure tell it', async () => {
    const lastError = { type: 'DexcomUnavailable', message: 'no answer', at: AT + 1_000 };
    expect(await glucoseOf(await userWith({ ...halfDone, lastError, failures: 1 }))).toMatchObject({
      last_attempt: { timestamp: '2026-11-20T12:00:01+00:00', status: 'failure' },
      last_error: { type: 'DexcomUnavailable' },
    });
  });
});

describe('what a user writes down', () => {
  const SIBLINGS = ['insulin_injection', 'carbohydrates', 'note', 'workout_duration'];
  /** Of each of its timeseries. */
  const told = async (userId: string): Promise<unknown[]> => {
    const { dexcom_v3 } = (await app.call('GET', `/v2/introspect/resources?user_id=${userId}`)).body.data[0].provider;
    return SIBLINGS.map((name) => dexcom_v3[name]);
  };
  const everywhere = (one: object) => SIBLINGS.map(() => one);
  const read = { floor: AT - 90 * DAY, coveredUntil: AT - 30 * DAY, nextAt: AT, readAt: AT - 60_000, any: true, failures: 0, error: null };

  test('is told to be read so far, how the last look went, and not to be read before', async () => {
    const well = {
      last_attempt: { timestamp: '2026-11-20T11:59:00+00:00', status: 'success' },
      read_from: '2026-08-22T12:00:00+00:00',
      read_until: '2026-10-21T12:00:00+00:00',
      next_poll: '2026-11-20T12:01:00+00:00',
      last_error: null,
    };
    expect(await told(await userWith({ ...halfDone, records: read }))).toEqual(everywhere(well));
    expect(await told(await userWith({ ...halfDone, records: { ...read, nextAt: AT + DAY } }))).toEqual(
      everywhere({ ...well, next_poll: '2026-11-21T12:00:00+00:00' }),
    );
    expect(await told(await userWith({ ...halfDone, desired: 'paused', records: read }))).toEqual(everywhere({ ...well, next_poll: null }));
  });

  test.each([
    ['DexcomUnavailable', 'Dexcom did not answer as it should'],
    ['NeedsReauth', 'the grant needs a new consent'],
    ['SomethingElse', 'a fault of ours; the log has it'],
  ])('says when reading it failed and why (%s), while readings are well', async (type, message) => {
    const userId = await userWith({ ...halfDone, records: { ...read, failures: 1, error: { type, at: AT + 1_000 } } });
    const at = '2026-11-20T12:00:01+00:00';
    expect(await told(userId)).toMatchObject(
      everywhere({
        last_attempt: { timestamp: at, status: 'failure' },
        read_until: '2026-10-21T12:00:00+00:00',
        last_error: { type, message, at },
      }),
    );
    const { body } = await app.call('GET', `/v2/introspect/resources?user_id=${userId}`);
    expect(body.data[0].provider.dexcom_v3.glucose).toMatchObject({ last_attempt: { status: 'success' }, last_error: null });
  });

  test('is not read anywhere before the first look, nor by one that failed', async () => {
    const unread = { read_from: null, read_until: null };
    const { records: _, ...fresh } = sampleConnection({ teamId: app.teamId, userId: await app.newUser() });
    await world.services.connections.ensure(fresh);
    expect(await told(fresh.userId)).toMatchObject(everywhere({ ...unread, last_attempt: null, last_error: null }));
    const failed = { floor: AT, coveredUntil: AT, nextAt: AT, any: false, failures: 1, error: { type: 'DexcomUnavailable', at: AT } };
    expect(await told(await userWith({ ...halfDone, records: failed }))).toMatchObject(
      everywhere({ ...unread, last_attempt: { status: 'failure' } }),
    );
  });
});

describe.each(['resources', 'historical_pull'])('GET /v2/introspect/%s', (name) => {
  const introspect = (query = '') => app.call('GET', `/v2/introspect/${name}?${query}`);

  test('follows its cursors over every user once, newest first, under both names', async () => {
    const fresh = await world.newApp();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await fresh.newUser());
    const seen: string[] = [];
    let query = 'user_limit=2';
    for (let page = 0; page < 3; page++) {
      const { body } = await fresh.call('GET', `/v2/introspect/${name}?${query}`);
      seen.push(...body.data.map(({ user_id }: { user_id: string }) => user_id));
      expect(body.next).toBe(body.next_cursor);
      query = `user_limit=2&${page === 0 ? 'next_cursor' : 'cursor'}=${body.next_cursor}`;
    }
    expect(seen).toEqual(ids);
    expect(query).toContain('=null');
  });

  test('leaves out a disconnected provider, and one that was not asked for', async () => {
    const disconnected = await userWith({ ...halfDone, desired: 'disconnected' });
    expect((await introspect(`user_id=${disconnected}`)).body.data).toEqual([{ user_id: disconnected, provider: {} }]);
    const userId = await userWith(halfDone);
    expect((await introspect(`user_id=${userId}&provider=oura`)).body.data).toEqual([{ user_id: userId, provider: {} }]);
    expect(Object.keys((await introspect(`user_id=${userId}&provider=dexcom_v3`)).body.data[0].provider)).toEqual(['dexcom_v3']);
  });

  test('refuses a cursor that is none, and a user that is none', async () => {
    expect(await introspect('next_cursor=nonsense')).toMatchObject({ status: 422, body: { detail: [{ loc: ['query', 'next_cursor'] }] } });
    expect(await introspect('user_limit=0')).toMatchObject({ status: 422, body: { detail: [{ loc: ['query', 'user_limit'] }] } });
    expect((await introspect(`user_id=${randomUUID()}`)).status).toBe(404);
  });
});
