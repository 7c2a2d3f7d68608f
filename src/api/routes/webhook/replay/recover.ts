import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../../app';
import { body, json } from '../../../contract';
import { notFound, writeErrors } from '../../../errors';
import { withTeamInPath } from '../../../security/teamInPath';
import { WEBHOOKS, WebhookParams } from '../schemas';
import { Since, sinceOf } from '../since';
import { begin } from './begin';
import { ReplayHeaders, WebhookReplay } from './schemas';
import { shown } from './shown';

const WebhookRecoverBody = z
  .object({ since: Since.openapi({ description: 'What was given up at or after this instant' }) })
  .openapi('WebhookRecoverBody');

const route = createRoute({
  method: 'post',
  path: `${WEBHOOKS}/{webhook_id}/recover`,
  operationId: 'recoverWebhookEvents',
  tags: ['Webhooks'],
  summary: 'Send an endpoint again what was given up',
  description:
    'Everything it has refused for the last time (`message.attempt.exhausted`), with all tries before it. What waits comes by itself.',
  ...withTeamInPath('webhooks:write'),
  request: { params: WebhookParams, headers: ReplayHeaders, body: body(WebhookRecoverBody) },
  responses: { 202: json(WebhookReplay, 'Under way: see `GET …/replay/{operation_id}`'), ...writeErrors },
});

/** Ours: Vital’s is in its dashboard. */
export const registerRecoverWebhookEvents = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const [{ environment, webhook_id }, { since }] = [c.req.valid('param'), c.req.valid('json')];
    const endpoint = await c.var.services.webhooks.endpoints.get({ teamId: c.var.key.teamId, environment }, webhook_id);
    if (!endpoint) throw notFound();
    const wish = { kind: 'recover', since: sinceOf(since) } as const;
    return c.json(shown(await begin(c.var.services, endpoint, wish, c.req.valid('header')['idempotency-key'])), 202);
  });
