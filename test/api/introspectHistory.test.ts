import { randomUUID } from 'node:crypto';
import { AT, DAY, halfDone, type IntrospectWorld, openIntrospectWorld } from './introspectWorld';

let world: IntrospectWorld;

beforeAll(async () => {
  world = await openIntrospectWorld();
});
afterAll(() => world?.close());

const window = (start: string, end: string, status: string, readings = 0) => ({ start, end, status, readings });

describe('the historical pull of a user', () => {
  test('is told in the contract’s shape, with how far it is', async () => {
    const userId = await world.userWith(halfDone);
    const { body } = await world.app.call('GET', `/v2/introspect/historical_pull?user_id=${userId}`);
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
    expect(await world.historicalPull(await world.userWith({ ...halfDone, ...change }))).toMatchObject(expected);
  });

  test('does not pass over a window that failed', async () => {
    const skipped = [{ from: AT - 30 * DAY, to: AT - 10 * DAY }];
    const userId = await world.userWith({ ...halfDone, backfill: { ...backfill, skipped } });
    expect((await world.historicalPull(userId)).oldest_reached).toBe('2026-11-10T12:00:00+00:00');
  });

  test('counts the readings of each window to the very instant, and names the days without any', async () => {
    const userId = await world.userWith({
      ...halfDone,
      backfill: { ...backfill, skipped: [{ from: AT - 60 * DAY + 2_000, to: AT - 30 * DAY + 1_000 }] },
    });
    const border = AT - 30 * DAY + 1_000;
    // Noon is where windows meet; the last one has not been read, and is known from before.
    await world.store(userId, [AT - DAY, AT - 2 * DAY, AT - 2 * DAY + 1, border, border - 1, border - 2, AT - 80 * DAY]);
    expect(await world.historicalPull(userId)).toMatchObject({
      days_with_data: 4,
      windows: [{ status: 'done', readings: 4 }, { status: 'skipped', readings: 2 }, { status: 'waiting', readings: 1 }, { readings: 0 }],
      gaps: [{ start: '2026-10-22', end: '2026-11-17', days: 27 }],
    });
  });

  test('tells of a page of users how far each is, but nothing that takes a look at every day', async () => {
    const userId = await world.userWith(halfDone);
    const { body } = await world.app.call('GET', '/v2/introspect/historical_pull?user_limit=200');
    const { glucose } = body.data.find(({ user_id }: { user_id: string }) => user_id === userId).provider.dexcom_v3.pulled;
    expect(glucose).toMatchObject({ status: 'in_progress', windows_done: 2 });
    for (const key of ['days_with_data', 'windows', 'gaps']) expect(glucose).not.toHaveProperty(key);
  });

  test('is of its own when it was asked for: its id, and since when', async () => {
    const pullId = randomUUID();
    const history = { pullId, scheduledAt: AT + 5_000, offeredFrom: null, pushed: false };
    expect(await world.historicalPull(await world.userWith({ ...halfDone, history }))).toMatchObject({
      trace_id: pullId,
      timeline: { scheduled_at: '2026-11-20T12:00:05+00:00' },
    });
  });
});
