import { dayId } from '../../src/storage/glucoseDays';
import { publishDay } from '../../src/sync/publishNews';
import { readingAt } from '../glucose/readings';
import { sampleConnection } from '../storage/sampleConnection';
import { ALLOWED_WEBHOOK_HOST } from './apiWorld';
import { AT, DAY, halfDone, type IntrospectWorld, openIntrospectWorld } from './introspectWorld';

let world: IntrospectWorld;

beforeAll(async () => {
  world = await openIntrospectWorld();
});
afterAll(() => world?.close());

describe('the resources of a user', () => {
  const glucoseOf = async (userId: string) => (await world.resources(userId)).glucose;

  test('are told in the contract’s shape', async () => {
    expect(await glucoseOf(await world.userWith(halfDone))).toEqual({
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
    const userId = await world.userWith(halfDone);
    await world.store(userId, [AT - 10 * DAY, AT - 10 * DAY - 5_000, AT - DAY]);
    expect((await glucoseOf(userId)).oldest_data).toBe('2026-11-10T11:59:55+00:00');
  });

  test('tells what is stored, also what narrower bounds hide from queries', async () => {
    const userId = await world.userWith({ ...halfDone, readings: 1 });
    const at = Date.parse('2026-11-10T11:59:55Z');
    await world.store(userId, [at]);
    const before = await glucoseOf(userId);
    const { windows } = await world.historicalPull(userId);
    expect((await world.app.call('PATCH', `/v2/user/${userId}`, { body: { ingestion_start: '2026-11-15' } })).status).toBe(204);
    const flat = await world.app.call('GET', `/v2/timeseries/${userId}/glucose?start_date=2026-11-01`);
    expect(flat.body).toEqual([]);
    expect(await glucoseOf(userId)).toMatchObject({ oldest_data: before.oldest_data, sent_count: before.sent_count });
    expect((await world.historicalPull(userId)).windows).toEqual(windows);
  });

  test('tell apart how long Dexcom took to show the newest reading and how long we took from there', async () => {
    const at = AT - 300_000;
    const freshness = { newestAt: at, delayMs: 240_000, missesInARow: 0, lookedAt: AT, seenAt: AT - 60_000, unseenAt: AT - 90_000 };
    const userId = await world.userWith({ ...halfDone, freshness });
    expect((await glucoseOf(userId)).freshness).toEqual({
      newest_reading: '2026-11-20T11:55:00+00:00',
      first_seen: '2026-11-20T11:59:00+00:00',
      delivered: null,
      recorded_to_visible_seconds: { at_least: 210, at_most: 240 },
      visible_to_delivered_seconds: null,
    });

    const { outbox, glucoseDays, webhooks } = world.services;
    const [connection] = await world.services.connections.ofUser(world.app.teamId, userId);
    if (!connection) throw new Error('not connected');
    const reading = readingAt(at, { mark: 1, change: 'created' });
    const day = { _id: dayId(connection._id, at), teamId: world.app.teamId, userId, connectionId: connection._id, version: 1, pullSeq: 1 };
    const { body } = await world.app.call('POST', `/v1/org/${world.app.orgId}/team/${world.app.teamId}/production/webhook`, {
      body: { url: `http://${ALLOWED_WEBHOOK_HOST}/` },
    });
    await glucoseDays.write({ ...day, unpublished: true, readings: [reading] });
    await publishDay({ glucoseDays, ...outbox }, connection, { ...day, unpublished: true, readings: [reading] });
    const [message] = await outbox.messages.undispatchedOf(connection._id, 1);
    if (!message) throw new Error('not told');
    expect((await glucoseOf(userId)).freshness).toMatchObject({ delivered: null });

    const delivery = { teamId: world.app.teamId, endpointId: body.id, messageId: message._id, createdAt: message.createdAt };
    await webhooks.deliveries.accept(delivery, { at: AT - 58_500, status: 200, error: null, tookMs: 5 });
    expect((await glucoseOf(userId)).freshness).toMatchObject({
      delivered: '2026-11-20T11:59:01+00:00',
      recorded_to_visible_seconds: { at_least: 210, at_most: 240 },
      visible_to_delivered_seconds: { at_least: 1.5, at_most: 31.5 },
    });
  });

  test('of a fresh connection are empty', async () => {
    expect(await glucoseOf(await world.userWith({}))).toMatchObject({
      last_attempt: null,
      oldest_data: null,
      newest_data: null,
      sent_count: 0,
    });
  });

  test('after a failure tell it', async () => {
    const lastError = { type: 'DexcomUnavailable', message: 'no answer', at: AT + 1_000 };
    expect(await glucoseOf(await world.userWith({ ...halfDone, lastError, failures: 1 }))).toMatchObject({
      last_attempt: { timestamp: '2026-11-20T12:00:01+00:00', status: 'failure' },
      last_error: { type: 'DexcomUnavailable' },
    });
  });
});

describe('what a user writes down', () => {
  const SIBLINGS = ['insulin_injection', 'carbohydrates', 'note', 'workout_duration'];
  /** Of each of its timeseries. */
  const told = async (userId: string): Promise<unknown[]> => {
    const resources = await world.resources(userId);
    return SIBLINGS.map((name) => resources[name]);
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
    expect(await told(await world.userWith({ ...halfDone, records: read }))).toEqual(everywhere(well));
    expect(await told(await world.userWith({ ...halfDone, records: { ...read, nextAt: AT + DAY } }))).toEqual(
      everywhere({ ...well, next_poll: '2026-11-21T12:00:00+00:00' }),
    );
    expect(await told(await world.userWith({ ...halfDone, desired: 'paused', records: read }))).toEqual(
      everywhere({ ...well, next_poll: null }),
    );
  });

  test.each([
    ['DexcomUnavailable', 'Dexcom did not answer as it should'],
    ['NeedsReauth', 'the grant needs a new consent'],
    ['SomethingElse', 'a fault of ours; the log has it'],
  ])('says when reading it failed and why (%s), while readings are well', async (type, message) => {
    const userId = await world.userWith({ ...halfDone, records: { ...read, failures: 1, error: { type, at: AT + 1_000 } } });
    const at = '2026-11-20T12:00:01+00:00';
    expect(await told(userId)).toMatchObject(
      everywhere({
        last_attempt: { timestamp: at, status: 'failure' },
        read_until: '2026-10-21T12:00:00+00:00',
        last_error: { type, message, at },
      }),
    );
    expect((await world.resources(userId)).glucose).toMatchObject({ last_attempt: { status: 'success' }, last_error: null });
  });

  test('is not read anywhere before the first look, nor by one that failed', async () => {
    const unread = { read_from: null, read_until: null };
    const { records: _, ...fresh } = sampleConnection({ teamId: world.app.teamId, userId: await world.app.newUser() });
    await world.services.connections.ensure(fresh);
    expect(await told(fresh.userId)).toMatchObject(everywhere({ ...unread, last_attempt: null, last_error: null }));
    const failed = { floor: AT, coveredUntil: AT, nextAt: AT, any: false, failures: 1, error: { type: 'DexcomUnavailable', at: AT } };
    expect(await told(await world.userWith({ ...halfDone, records: failed }))).toMatchObject(
      everywhere({ ...unread, last_attempt: { status: 'failure' } }),
    );
  });
});
