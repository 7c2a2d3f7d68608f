import { z } from '@hono/zod-openapi';
import { Id, Instant } from '../../contract';

const LastError = z.object({ type: z.string(), message: z.string(), at: Instant }).nullable();

const NextPoll = Instant.nullable().openapi({
  description: 'When Dexcom is asked next; null while it is not: paused, the person has to connect again, or no access token can be had',
});

const PullWindow = z.object({
  start: Instant,
  end: Instant,
  status: z.enum(['done', 'skipped', 'waiting']).openapi({ description: '`skipped`: it failed and is tried again beside older ones' }),
  readings: z.int().openapi({ description: 'As stored now' }),
});

const Day = z.string().openapi({ format: 'date', example: '2026-11-02' });

const Gap = z.object({ start: Day, end: Day.openapi({ description: 'Inclusive' }), days: z.int() });

const Between = z.object({ at_least: z.number(), at_most: z.number() });

export const Freshness = z
  .object({
    newest_reading: Instant,
    first_seen: Instant.openapi({ description: 'When a poll first brought it' }),
    delivered: Instant.nullable().openapi({ description: 'When the last of the endpoints subscribed had taken it' }),
    recorded_to_visible_seconds: Between.openapi({
      description: 'How long Dexcom took to show it: between the last look without it and the first with it',
    }),
    visible_to_delivered_seconds: Between.nullable().openapi({ description: 'How long it took from there to the app' }),
  })
  .openapi('Freshness');

export const HistoricalPull = z
  .object({
    status: z.enum(['success', 'failure', 'in_progress', 'scheduled', 'retrying']).openapi({
      description: '`failure`: not before the person consents again; `scheduled`: nothing has been read yet, or the connection is paused',
    }),
    range_start: Instant.nullable(),
    range_end: Instant,
    timeline: z.object({ scheduled_at: Instant, started_at: Instant.nullable(), ended_at: Instant.nullable() }),
    days_with_data: z
      .int()
      .optional()
      .openapi({ description: 'Of the range, as stored now; told when one user is asked for, like the two below' }),
    windows: z.array(PullWindow).optional().openapi({ description: 'Newest first' }),
    gaps: z.array(Gap).optional().openapi({ description: 'Whole days of UTC that were read and hold no reading, oldest first' }),
    release: z.string().openapi({ example: '1.0.0' }),
    trace_id: z.string().nullable(),
    error_details: z.string().nullable(),
    windows_done: z.int().openapi({ description: 'Of at most 30 days each' }),
    windows_total: z.int(),
    oldest_reached: Instant.openapi({ description: 'History from here to `range_end` is complete, but for windows tried again later' }),
    readings: z.int().openapi({ description: 'Stored by the historical pull' }),
    next_poll: NextPoll,
    last_error: LastError,
  })
  .openapi('HistoricalPull');

export const LastAttempt = z.object({ timestamp: Instant, status: z.enum(['success', 'failure']) }).nullable();

export const ResourceStatistics = z
  .object({
    last_attempt: LastAttempt,
    oldest_data: Instant.nullable(),
    newest_data: Instant.nullable(),
    sent_count: z.int().openapi({ description: 'Readings stored: told by an event, or to be paged through' }),
    quarantined: z
      .int()
      .openapi({ description: 'Records that could not be read: `GET /v2/introspect/quarantine/{connection_id}` has them' }),
    freshness: Freshness.nullable().optional().openapi({ description: 'Of the newest reading; told when one user is asked for' }),
    next_poll: NextPoll,
    last_error: LastError,
  })
  .openapi('ResourceStatistics');

export const RecordStatistics = z
  .object({
    last_attempt: LastAttempt,
    read_from: Instant.nullable().openapi({ description: 'What is written down has been read once from here …' }),
    read_until: Instant.nullable().openapi({ description: '… to here, oldest first; once all is read, the last 30 days again and again' }),
    next_poll: NextPoll.openapi({ description: 'Read beside a poll of readings, not before; null like that one’s' }),
    last_error: LastError.openapi({ description: 'Why the last look failed; readings do not wait for it' }),
  })
  .openapi('RecordStatistics', { description: 'Of events, which come in one answer: the same for each timeseries made of them' });

const paged = <T extends z.ZodType>(byProvider: T) =>
  z.object({
    data: z.array(z.object({ user_id: Id, provider: z.record(z.string(), byProvider) })),
    next: z.string().nullable().openapi({ deprecated: true }),
    next_cursor: z.string().nullable(),
  });

export const HistoricalPulls = paged(
  z.object({ pulled: z.object({ glucose: HistoricalPull }), not_pulled: z.array(z.string().openapi({ example: 'insulin_injection' })) }),
).openapi('HistoricalPulls');

export const Resources = paged(
  z.object({
    glucose: ResourceStatistics,
    insulin_injection: RecordStatistics,
    carbohydrates: RecordStatistics,
    note: RecordStatistics,
    workout_duration: RecordStatistics,
  }),
).openapi('Resources');
