import { z } from '@hono/zod-openapi';
import { Id, Instant } from '../../../contract';
import { WebhookParams } from '../schemas';

export const ReplayParams = WebhookParams.extend({ operation_id: Id });

/** On each of the calls that begin something. */
export const ReplayHeaders = z.object({
  'idempotency-key': z.string().min(1).max(255).optional().openapi({
    description:
      'Of your own making: a repeated call with it is answered with what the first has begun, for a week, also when that is over',
    example: '8d3b7c0e-recover-after-outage',
  }),
});

export const WebhookReplay = z
  .object({
    id: Id,
    kind: z.enum(['resend', 'recover', 'replay']),
    status: z.enum(['running', 'done', 'cancelled', 'endpoint_disabled', 'endpoint_gone']).openapi({
      description: '`done`: all of it waits for the endpoint, or has come. What is over is begun anew by asking once more',
    }),
    looked_at: z.int().openapi({ example: 1_200 }),
    queued: z
      .int()
      .openapi({ description: 'To be sent again, or sent already; of one that is cancelled also what was taken back', example: 412 }),
    already_waiting: z.int().openapi({
      description: 'Passed over: they were on their way anyway, or another operation has sent them since this one began',
      example: 3,
    }),
    message_id: z.string().nullable().openapi({ example: null }),
    since: Instant.nullable().openapi({ example: null }),
    user_id: Id.nullable(),
    event_types: z.array(z.string()).nullable(),
    from: Instant.nullable(),
    to: Instant.nullable(),
    up_to: Instant.nullable().openapi({ description: 'How far it has looked, while it is running' }),
    started_at: Instant,
    ended_at: Instant.nullable(),
  })
  .openapi('WebhookReplay');

export type WebhookReplay = z.infer<typeof WebhookReplay>;
