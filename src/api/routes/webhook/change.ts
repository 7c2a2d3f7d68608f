import { createRoute } from '@hono/zod-openapi';
import { changeEndpoint } from '../../../webhooks/changeEndpoint';
import { catchUpFrom } from '../../../webhooks/takeUpMissed';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { withTeamInPath } from '../../security/teamInPath';
import { orRefusedUrl } from './refusedUrl';
import { WEBHOOKS, Webhook, WebhookChangeBody, WebhookParams } from './schemas';
import { sinceOf } from './since';
import { webhook } from './webhook';

const route = createRoute({
  method: 'patch',
  path: `${WEBHOOKS}/{webhook_id}`,
  operationId: 'changeWebhook',
  tags: ['Webhooks'],
  summary: 'Change an endpoint',
  description:
    'What is left out stays. Disabling stops all tries; enabling delivers what waited, oldest first, and with `catch_up_since` what was told meanwhile.',
  ...withTeamInPath('webhooks:write'),
  request: { params: WebhookParams, body: body(WebhookChangeBody) },
  responses: { 200: json(Webhook, 'The endpoint as it is now'), ...readErrors },
});

/** vital-api.md §6.1 */
export const registerChangeWebhook = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const [{ environment, webhook_id }, given] = [c.req.valid('param'), c.req.valid('json')];
    const change = {
      ...(given.url !== undefined && { url: given.url }),
      ...(given.description !== undefined && { description: given.description }),
      ...(given.rate_limit !== undefined && { rateLimit: given.rate_limit }),
      ...(given.disabled !== undefined && { disabled: given.disabled }),
      ...(given.filter_types !== undefined && { filterTypes: given.filter_types }),
      ...(given.user_ids !== undefined && { userIds: given.user_ids }),
      ...(given.payload !== undefined && { payload: given.payload }),
      ...(given.catch_up_since !== undefined && { catchUp: catchUpFrom(sinceOf(given.catch_up_since), Date.now()) }),
    };
    const scope = { teamId: c.var.key.teamId, environment };
    const endpoint = await orRefusedUrl(given.url, () => changeEndpoint(c.var.services.webhooks, scope, webhook_id, change));
    if (!endpoint) throw notFound();
    return c.json(webhook(endpoint), 200);
  });
