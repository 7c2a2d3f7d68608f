import { createRoute } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { withTeamInPath } from '../../security/teamInPath';
import { WEBHOOKS, Webhook, WebhookParams } from './schemas';
import { webhook } from './webhook';

const route = createRoute({
  method: 'get',
  path: `${WEBHOOKS}/{webhook_id}`,
  operationId: 'getWebhook',
  tags: ['Webhooks'],
  summary: 'One endpoint',
  ...withTeamInPath('webhooks:read'),
  request: { params: WebhookParams },
  responses: { 200: json(Webhook, 'The endpoint'), ...readErrors },
});

/** vital-api.md §6.1 */
export const registerGetWebhook = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { environment, webhook_id } = c.req.valid('param');
    const endpoint = await c.var.services.webhooks.endpoints.get({ teamId: c.var.key.teamId, environment }, webhook_id);
    if (!endpoint) throw notFound();
    return c.json(webhook(endpoint), 200);
  });
