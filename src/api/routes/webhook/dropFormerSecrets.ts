import { createRoute } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { notFound, readErrors } from '../../errors';
import { withTeamInPath } from '../../security/teamInPath';
import { WEBHOOKS, WebhookParams } from './schemas';

const route = createRoute({
  method: 'delete',
  path: `${WEBHOOKS}/{webhook_id}/secret/former`,
  operationId: 'dropFormerWebhookSecrets',
  tags: ['Webhooks'],
  summary: 'End what former secrets of an endpoint sign, now',
  description: 'For a secret that has leaked: rotate it first. What is being posted at this moment may still carry their signatures.',
  ...withTeamInPath('webhooks:write'),
  request: { params: WebhookParams },
  responses: { 204: { description: 'Only the current one signs' }, ...readErrors },
});

/** Ours. */
export const registerDropFormerWebhookSecrets = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { environment, webhook_id } = c.req.valid('param');
    const scope = { teamId: c.var.key.teamId, environment };
    if (!(await c.var.services.webhooks.endpoints.dropFormerSecrets(scope, webhook_id, Date.now()))) throw notFound();
    return c.body(null, 204);
  });
