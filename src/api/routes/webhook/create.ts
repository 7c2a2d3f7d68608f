import { createRoute } from '@hono/zod-openapi';
import { createEndpoint } from '../../../webhooks/createEndpoint';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { readErrors } from '../../errors';
import { withTeamInPath } from '../../security/teamInPath';
import { orRefusedUrl } from './refusedUrl';
import { WEBHOOKS, Webhook, WebhookCreateBody, WebhooksParams } from './schemas';
import { webhook } from './webhook';

const route = createRoute({
  method: 'post',
  path: WEBHOOKS,
  operationId: 'createWebhook',
  tags: ['Webhooks'],
  summary: 'Register an endpoint for events',
  description: 'What is recorded from now on is sent there, signed; what was recorded before is not.',
  ...withTeamInPath('webhooks:write'),
  request: { params: WebhooksParams, body: body(WebhookCreateBody) },
  responses: { 200: json(Webhook, 'The endpoint'), ...readErrors },
});

/** vital-api.md §6.1 */
export const registerCreateWebhook = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const [{ teamId }, { environment }, given] = [c.var.key, c.req.valid('param'), c.req.valid('json')];
    const wish = {
      teamId,
      environment,
      url: given.url,
      description: given.description,
      rateLimit: given.rate_limit,
      disabled: given.disabled,
      filterTypes: given.filter_types,
      userIds: given.user_ids,
      payload: given.payload,
      secret: given.secret ?? null,
    };
    const endpoint = await orRefusedUrl(given.url, () => createEndpoint(c.var.services.webhooks, wish));
    return c.json(webhook(endpoint), 200);
  });
