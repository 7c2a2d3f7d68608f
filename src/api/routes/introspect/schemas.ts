import { z } from '@hono/zod-openapi';
import { Id, Instant } from '../../contract';

const LastError = z.object({ type: z.string(), message: z.string(), at: Instant }).nullable();

export const HistoricalPull = z
  .object({
    status: z.enum(['success', 'in_progress', 'scheduled', 'retrying']),
    range_start: Instant.nullable(),
    range_end: Instant,
    timeline: z.object({ scheduled_at: Instant, started_at: Instant.nullable(), ended_at: Instant.nullable() }),
    days_with_data: z.int().optional().openapi({ description: 'Counted when one user is asked for' }),
    release: z.string(),
    trace_id: z.string().nullable(),
    error_details: z.string().nullable(),
    windows_done: z.int().openapi({ description: 'Of at most 30 days each' }),
    windows_total: z.int(),
    oldest_reached: Instant.openapi({ description: 'History from here to `range_end` is complete, but for windows tried again later' }),
    readings: z.int().openapi({ description: 'Stored by the historical pull' }),
    next_poll: Instant.nullable(),
    last_error: LastError,
  })
  .openapi('HistoricalPull');

export const ResourceStatistics = z
  .object({
    last_attempt: z.object({ timestamp: Instant, status: z.enum(['success', 'failure']) }).nullable(),
    oldest_data: Instant.nullable(),
    newest_data: Instant.nullable(),
    sent_count: z.int(),
    next_poll: Instant.nullable(),
    last_error: LastError,
  })
  .openapi('ResourceStatistics');

const paged = <T extends z.ZodType>(byProvider: T) =>
  z.object({
    data: z.array(z.object({ user_id: Id, provider: z.record(z.string(), byProvider) })),
    next: z.string().nullable().openapi({ deprecated: true }),
    next_cursor: z.string().nullable(),
  });

export const HistoricalPulls = paged(z.object({ pulled: z.object({ glucose: HistoricalPull }), not_pulled: z.array(z.string()) })).openapi(
  'HistoricalPulls',
);

export const Resources = paged(z.object({ glucose: ResourceStatistics })).openapi('Resources');
