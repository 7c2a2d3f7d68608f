import { createRoute, z } from '@hono/zod-openapi';
import type { Cursors } from '../../../security/cursors';
import type { LatestCursor } from '../../../storage/deliveries';
import { attemptsOf, type ToldAttempt } from '../../../webhooks/attemptsOf';
import type { Api } from '../../app';
import { Instant, json } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { instant, instantOrNull } from '../../instant';
import { PageQuery, pageOf } from '../../pageOf';
import { withTeamInPath } from '../../security/teamInPath';
import { WEBHOOKS, WebhookParams } from './schemas';

export type AttemptCursors = Cursors<LatestCursor>;

export const AttemptPosition: z.ZodType<LatestCursor> = z.object({ at: z.number(), _id: z.string() });

const WebhookAttempt = z
  .object({
    message_id: z.string().openapi({ description: 'The `webhook-id` it was sent under', example: 'msg_0f3c…' }),
    at: Instant,
    outcome: z.enum(['accepted', 'failed']),
    status: z.int().nullable().openapi({ description: 'Null if no answer came', example: 503 }),
    latency_ms: z.int().openapi({ description: 'Until the head of the answer', example: 84 }),
    error: z.string().nullable().openapi({ example: 'HTTP 503' }),
    next_attempt_at: Instant.nullable().openapi({
      description:
        'When it was to be tried next, as known then: at its own time, if it was refused while others were taken, else when the endpoint is asked next, with whichever of its messages; it may come sooner. Null if it was taken or given up, after a 410, and where a first try failed without `Retry-After`: then usually within seconds',
    }),
    excerpt: z.string().nullable().openapi({
      description: 'How the answer began, 4 kB at most: digits are `#`, and what looks like a secret, an id or an address is struck out',
      example: 'column does_not_exist',
    }),
  })
  .openapi('WebhookAttempt');

const route = createRoute({
  method: 'get',
  path: `${WEBHOOKS}/{webhook_id}/attempts`,
  operationId: 'listWebhookAttempts',
  tags: ['Webhooks'],
  summary: 'What each try to deliver to an endpoint has brought, latest first',
  description: 'Of the last 30 days. What was told of a person goes when they are erased.',
  ...withTeamInPath('webhooks:read'),
  request: {
    params: WebhookParams,
    query: PageQuery.extend({ message_id: z.string().max(100).optional().openapi({ description: 'Of one message only' }) }),
  },
  responses: {
    200: json(z.object({ data: z.array(WebhookAttempt), next_cursor: z.string().nullable() }).openapi('WebhookAttempts'), 'One page'),
    ...readErrors,
  },
});

/** Ours: Vital shows them in its dashboard. */
export const registerListWebhookAttempts = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { webhooks, attemptCursors } = c.var.services;
    const { teamId } = c.var.key;
    const [{ environment, webhook_id: endpointId }, query] = [c.req.valid('param'), c.req.valid('query')];
    if (!(await webhooks.endpoints.get({ teamId, environment }, endpointId))) throw notFound();

    const which = { teamId, endpointId, messageId: query.message_id };
    const page = await pageOf(attemptCursors, query, {
      read: (after, most) => attemptsOf(webhooks, which, after, most),
      positionOf: ({ at, _id }) => ({ at, _id }),
    });
    return c.json({ data: page.items.map(shown), next_cursor: page.next_cursor }, 200);
  });

const shown = (attempt: ToldAttempt): z.infer<typeof WebhookAttempt> => ({
  message_id: attempt.messageId,
  at: instant(attempt.at),
  outcome: attempt.outcome,
  status: attempt.status,
  latency_ms: attempt.latencyMs,
  error: attempt.error,
  next_attempt_at: instantOrNull(attempt.nextAttemptAt),
  excerpt: attempt.excerpt,
});
