import {
  ClientFacingGlucoseChanged,
  ClientFacingGlucoseHistoricalPullCompleted,
  ClientFacingProviderConnectionCreatedEvent,
  ClientFacingProviderConnectionErrorEvent,
} from '@junction-api/sdk/serialization';
import { catalogue } from '../../src/webhooks/catalogue';
import { glucoseNews, READINGS_PER_MESSAGE } from '../../src/webhooks/glucoseNews';
import { attemptExhausted, endpointDisabled, endpointFailing, endpointRecovered } from '../../src/webhooks/operational';
import {
  connectionCreated,
  connectionDisconnected,
  connectionError,
  connectionExpiring,
  connectionRecovered,
  connectionStale,
  dailyGlucose,
  historicalCompleted,
} from '../../src/webhooks/payloads';
import { readingAt } from '../glucose/readings';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const connection = {
  _id: 'c0000000-0000-4000-8000-000000000001',
  teamId: '6b74423d-0504-4470-9afb-477252ccf67a',
  userId: '4a29dbc7-6db3-4c83-bfac-70a20a4be1b2',
  clientUserId: '01HW3FSNVCHC3B2QB5N0ZAAAVG',
  dexcomUserId: 'dexcom-user',
  liveFrom: NOON,
  consentedAt: NOON,
};
const reading = { ...readingAt(NOON, {}), mgPerDl: 100 };
const strict = { unrecognizedObjectKeys: 'passthrough', allowUnrecognizedEnumValues: false, allowUnrecognizedUnionMembers: false } as const;
const parsed = ({ body }: { body: string }) => JSON.parse(body);

const life = { state: 'error', reason: 'RateLimited', since: NOON, whatNext: 'Wait' } as const;
const endpoint = {
  _id: 'e0000000-0000-4000-8000-000000000001',
  teamId: connection.teamId,
  environment: 'production',
  description: '',
} as const;
const message = { _id: 'msg_1', type: 'daily.data.glucose.created', userId: connection.userId };
const events = {
  created: connectionCreated(connection),
  error: connectionError(connection, 'revoked'),
  recovered: connectionRecovered(connection, life, 'error'),
  stale: connectionStale(connection, life, { newestAt: NOON, noticedAt: NOON + 1, cause: 'warm_up' }),
  disconnected: connectionDisconnected(connection, life),
  expiring: connectionExpiring(connection, life, NOON, 7),
  historical: historicalCompleted(connection, { from: NOON - 86_400_000, to: NOON }),
  daily: dailyGlucose('created', connection, [reading]),
  updated: dailyGlucose('updated', connection, [reading]),
  exhausted: attemptExhausted(endpoint, message, { attempts: 9, lastStatus: 422, lastError: 'HTTP 422' }),
  failing: endpointFailing(endpoint, { failingSince: NOON, percent: 70, disableAt: NOON + 1 }),
  disabled: endpointDisabled(endpoint, 'gone', null),
  endpointRecovered: endpointRecovered(endpoint, NOON),
};

test('whoever is told that an endpoint fails or is disabled is told where to find what happens meanwhile, and not to disable it', () => {
  for (const { body } of [events.failing, events.disabled]) {
    const { what_next } = JSON.parse(body).data;
    expect(what_next).toContain('pull feed');
    expect(what_next).not.toContain('disable it');
  }
});

describe('what an endpoint gets', () => {
  test.each([
    ['provider.connection.created', events.created, ClientFacingProviderConnectionCreatedEvent],
    ['provider.connection.error', events.error, ClientFacingProviderConnectionErrorEvent],
    ['historical.data.glucose.created', events.historical, ClientFacingGlucoseHistoricalPullCompleted],
    ['daily.data.glucose.created', events.daily, ClientFacingGlucoseChanged],
    ['daily.data.glucose.updated', events.updated, ClientFacingGlucoseChanged],
  ])('as %s is understood by Vital’s own parser', (type, event, parser) => {
    expect(event.type).toBe(type);
    expect(parser.parse(parsed(event), strict)).toMatchObject({ ok: true });
    expect(parsed(event)).toMatchObject({
      event_type: type,
      user_id: connection.userId,
      client_user_id: connection.clientUserId,
      team_id: connection.teamId,
      data: { user_id: connection.userId },
    });
  });

  test('says who has connected, and whether it is a return', () => {
    const dexcom = { name: 'Dexcom', slug: 'dexcom_v3', logo: expect.any(String) };
    expect(parsed(events.created).data).toMatchObject({
      provider: dexcom,
      source: dexcom,
      external_user_id: 'dexcom-user',
      reconnected: false,
    });
    expect(parsed(connectionCreated({ ...connection, consentedAt: NOON + 1 })).data.reconnected).toBe(true);
  });

  test.each([
    ['revoked', 'token_refresh_failed'],
    ['rotation_lost', 'token_refresh_failed'],
    ['account_changed', 'provider_credential_error'],
  ] as const)('tells %s as Vital’s %s', (reason, errorType) => {
    const { data } = parsed(connectionError(connection, reason));
    expect(data).toMatchObject({ provider: 'dexcom_v3', error_type: errorType, error_details: expect.any(String), reason });
  });

  test.each([
    [events.recovered, { after: 'error' }],
    [events.stale, { cause: 'warm_up', newest_reading: '2026-11-22T12:00:00+00:00', noticed: '2026-11-22T12:00:00+00:00' }],
    [events.disconnected, {}],
    [events.expiring, { days_left: 7, expires_at: '2026-11-22T12:00:00+00:00', what_next: expect.stringContaining('Link') }],
  ])('of our own says state, reason, since when and what to do, in the envelope of all: %j', (event, more) => {
    expect(parsed(event)).toMatchObject({ event_type: event.type, user_id: connection.userId, client_user_id: connection.clientUserId });
    expect(parsed(event).data).toMatchObject({
      provider: 'dexcom_v3',
      connection_id: connection._id,
      state: 'error',
      reason: 'RateLimited',
      since: '2026-11-22T12:00:00+00:00',
      what_next: 'Wait',
      ...more,
    });
  });

  test('of history is its range and nothing else', () => {
    expect(parsed(events.historical).data).toEqual({
      user_id: connection.userId,
      start_date: '2026-11-21T12:00:00+00:00',
      end_date: '2026-11-22T12:00:00+00:00',
      is_final: true,
      provider: 'dexcom_v3',
      connection_id: connection._id,
    });
  });

  test('of a reading is Vital’s sample in mmol/L, and all a record had beside it', () => {
    const { data } = parsed(events.daily);
    expect(data).toMatchObject({
      source_id: expect.any(Number),
      provider: { slug: 'dexcom_v3' },
      source: { provider: 'dexcom_v3', type: 'unknown' },
    });
    expect(data.data).toEqual([
      expect.objectContaining({
        id: null,
        type: null,
        timestamp: '2026-11-22T12:00:00+00:00',
        timezone_offset: -28_800,
        unit: 'mmol/L',
        value: expect.closeTo(5.55, 2),
        value_mg_per_dl: 100,
        record_id: reading.recordId,
        trend: reading.trend,
      }),
    ]);
  });

  test('about another endpoint names it and never its URL, and of people only whose message was given up', () => {
    for (const event of [events.failing, events.disabled, events.endpointRecovered])
      expect(parsed(event)).toMatchObject({
        user_id: null,
        client_user_id: null,
        team_id: connection.teamId,
        data: { endpoint_id: endpoint._id },
      });
    expect(parsed(events.exhausted)).toMatchObject({
      user_id: connection.userId,
      data: { message_id: 'msg_1', attempts: 9, last_status: 422 },
    });
  });

  test('is what the catalogue shows, type by type', () => {
    expect(catalogue.map(({ type }) => type)).toEqual(Object.values(events).map(({ type }) => type));
    for (const { type, example } of catalogue) expect(example).toMatchObject({ event_type: type });
  });
});

describe('the news of a day', () => {
  const day = {
    _id: `${connection._id}:2026-11-22`,
    teamId: connection.teamId,
    userId: connection.userId,
    connectionId: connection._id,
    version: 3,
    pullSeq: 7,
    unpublished: true,
  };
  const created = (n: number) => readingAt(NOON + n * 300_000, { mark: 3, change: 'created' });
  const newsOf = (readings: ReturnType<typeof readingAt>[], change = {}) => glucoseNews(connection, { ...day, ...change, readings });
  const recordIds = (bodies: readonly { body: string }[]) =>
    bodies.flatMap((event) => parsed(event).data.data.map(({ record_id }: { record_id: string }) => record_id));

  test('is what its version announced: neither history nor what was told before', () => {
    const readings = [
      readingAt(NOON - 1, {}),
      readingAt(NOON, { mark: 2, change: 'created' }),
      created(1),
      readingAt(NOON + 600_000, { mark: 3, change: 'updated' }),
    ];
    const news = newsOf(readings);
    expect(news.map(({ type }) => type)).toEqual(['daily.data.glucose.created', 'daily.data.glucose.updated']);
    expect(recordIds(news)).toEqual([readings[2]?.recordId, readings[3]?.recordId]);
  });

  test('comes in messages of a constant size, each reading in one, oldest first', () => {
    const readings = Array.from({ length: 2 * READINGS_PER_MESSAGE + 5 }, (_, n) => created(n));
    const news = newsOf(readings);
    expect(news.map((event) => parsed(event).data.data.length)).toEqual([READINGS_PER_MESSAGE, READINGS_PER_MESSAGE, 5]);
    expect(recordIds(news)).toEqual(readings.map(({ recordId }) => recordId));
    expect(Math.max(...news.map(({ body }) => body.length))).toBeLessThan(40_000);
  });

  test('has one id for one content: repeated the same, and another for another value, version, kind or day', () => {
    const readings = [created(0), created(1)];
    const [id] = newsOf(readings).map((event) => event.id);
    expect(newsOf(structuredClone(readings))[0]?.id).toBe(id);
    const others = [
      newsOf([created(0), { ...created(1), mgPerDl: 41 }]),
      newsOf([created(0)]),
      newsOf(
        readings.map((one) => ({ ...one, mark: 4 })),
        { version: 4 },
      ),
      newsOf(readings.map((one) => ({ ...one, change: 'updated' as const }))),
      newsOf(readings, { _id: `${connection._id}:2026-11-23` }),
    ].map((news) => news[0]?.id);
    expect(new Set([id, ...others]).size).toBe(6);
    expect(id).toMatch(/^msg_[0-9a-f]{32}$/);
  });

  test('leaves out what has no value: nobody’s parser takes it', () => {
    expect(newsOf([{ ...created(0), mgPerDl: null }])).toEqual([]);
  });
});
