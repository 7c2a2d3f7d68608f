import { createRoute } from '@hono/zod-openapi';
import { removeEndpoint } from '../../../webhooks/removeEndpoint';
import type { Api } from '../../app';
import { notFound, readErrors } from '../../errors';
import { withTeamInPath } from '../../security/teamInPath';
import { WEBHOOKS, WebhookParams } from './schemas';

const route = createRoute({
  method: 'delete',
  path: `${WEBHOOKS}/{webhook_id}`,
  operationId: 'deleteWebhook',
  tags: ['Webhooks'],
  summary: 'Delete an endpoint',
  description: 'Nothing is sent there any more, what waited included.',
  ...withTeamInPath('webhooks:write'),
  request: { params: WebhookParams },
  responses: { 204: { description: 'It is gone' }, ...readErrors },
});

/** vital-api.md §6.1 */
export const registerDeleteWebhook = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { environment, webhook_id } = c.req.valid('param');
    if (!(await removeEndpoint(c.var.services.webhooks, { teamId: c.var.key.teamId, environment }, webhook_id))) throw notFound();
    return c.body(null, 204);
  });
