import { z } from '@hono/zod-openapi';
import { EVENT_TYPE } from '../../../feed/eventTypes';
import { Id, Instant, wholeNumber } from '../../contract';

/** How long a request may wait for something new, seconds. */
const LONGEST_WAIT_S = 30;

export const EventsQuery = z.object({
  types: z
    .string()
    .max(2_000)
    .regex(new RegExp(`^${EVENT_TYPE}(,${EVENT_TYPE})*$`), 'Not event types separated by commas')
    .optional()
    .openapi({
      description: 'Only these, separated by commas; `daily.data.*` is all that begin so',
      example: 'daily.data.*,provider.connection.error',
    }),
  user_id: Id.optional().openapi({ description: 'Only this person’s' }),
  limit: wholeNumber(1, 250).default(100),
  wait: wholeNumber(0, LONGEST_WAIT_S)
    .default(0)
    .openapi({ description: 'Where there is nothing yet: for how many seconds the answer may wait for something' }),
});

export type EventsQuery = z.infer<typeof EventsQuery>;

export const EventMessage = z
  .object({
    id: z.string().openapi({ description: 'The `webhook-id` of the same event', example: 'msg_2f6a1c7e8d0b4a53' }),
    type: z.string().openapi({ example: 'daily.data.glucose.created' }),
    created_at: Instant,
    body: z
      .looseObject({})
      .openapi({ description: 'Byte for byte what endpoints are sent', example: { event_type: 'daily.data.glucose.created' } }),
  })
  .openapi('EventMessage');

export const EventPage = z
  .object({
    data: z.array(EventMessage),
    cursor: z.string().openapi({ description: 'Keep it once the events are yours: the next request goes on behind it', example: 'rV3…' }),
    has_more: z
      .boolean()
      .openapi({ description: 'There may be more already; a page may be empty though, where a filter left nothing of it' }),
  })
  .openapi('EventPage');

export const EventCursor = z.string().min(1).openapi({ example: 'rV3…' });

export const ConsumerParams = z.object({
  consumer_name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'Not 1 to 64 letters, digits, dots, hyphens or underscores')
    .openapi({ example: 'warehouse' }),
});

export const EventConsumer = z
  .object({
    name: z.string().openapi({ example: 'warehouse' }),
    cursor: EventCursor.openapi({ description: 'Of the feed: behind what it has acknowledged' }),
    behind: z.int().openapi({
      description:
        'Entries of the feed it has not acknowledged, those of erased people too; what nobody has asked for yet is counted within a minute',
    }),
    placed_at: Instant,
    acknowledged_at: Instant.nullable(),
  })
  .openapi('EventConsumer');
