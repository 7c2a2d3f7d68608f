import { createRoute, z } from '@hono/zod-openapi';
import { type EndpointStatistics, MOST_COUNTED, MOST_TIMED, statisticsOf } from '../../../webhooks/statisticsOf';
import type { Api } from '../../app';
import { Instant, json } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { instant, instantOrNull } from '../../instant';
import { withTeamInPath } from '../../security/teamInPath';
import { WEBHOOKS, WebhookParams } from './schemas';
import { Since, sinceOf } from './since';

const DAY_MS = 86_400_000;

const Count = z.int().openapi({ description: `${MOST_COUNTED} stands for that many or more`, example: 288 });

const WebhookStatistics = z
  .object({
    since: Instant,
    accepted: Count,
    exhausted: Count.openapi({ description: 'Given up after all their attempts', example: 0 }),
    pending: Count.openapi({ description: 'Waiting now, whenever they were told', example: 0 }),
    latency_ms: z
      .object({ p50: z.int().openapi({ example: 84 }), p95: z.int().openapi({ example: 210 }) })
      .nullable()
      .openapi({ description: `Of the latest ${MOST_TIMED} that were taken; null if none was` }),
    last_accepted_at: Instant.nullable().openapi({
      description: 'As long as an event that was taken is kept, 30 days or what the operator has said',
    }),
    last_failed_at: Instant.nullable().openapi({ description: 'Within 30 days' }),
  })
  .openapi('WebhookStatistics');

const route = createRoute({
  method: 'get',
  path: `${WEBHOOKS}/{webhook_id}/statistics`,
  operationId: 'getWebhookStatistics',
  tags: ['Webhooks'],
  summary: 'How an endpoint is doing',
  ...withTeamInPath('webhooks:read'),
  request: { params: WebhookParams, query: z.object({ since: Since.optional().openapi({ description: 'A day ago, if it is left out' }) }) },
  responses: { 200: json(WebhookStatistics, 'The figures'), ...readErrors },
});

/** Ours: Vital shows them in its dashboard. */
export const registerGetWebhookStatistics = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { webhooks } = c.var.services;
    const { teamId } = c.var.key;
    const [{ environment, webhook_id: endpointId }, { since }] = [c.req.valid('param'), c.req.valid('query')];
    if (!(await webhooks.endpoints.get({ teamId, environment }, endpointId))) throw notFound();

    const from = since === undefined ? Date.now() - DAY_MS : sinceOf(since);
    return c.json(shown(from, await statisticsOf(webhooks, { teamId, endpointId }, from)), 200);
  });

const shown = (since: number, { latencyMs, lastAcceptedAt, lastFailedAt, ...counts }: EndpointStatistics) => ({
  since: instant(since),
  ...counts,
  latency_ms: latencyMs,
  last_accepted_at: instantOrNull(lastAcceptedAt),
  last_failed_at: instantOrNull(lastFailedAt),
});
