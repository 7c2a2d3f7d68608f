import { createRoute, z } from '@hono/zod-openapi';
import { eventTypes, sendTest } from '../../../webhooks/sendTest';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { ApiError, notFound, writeErrors } from '../../errors';
import { withTeamInPath } from '../../security/teamInPath';
import { WEBHOOKS, WebhookParams } from './schemas';

const WebhookTestBody = z
  .object({ event_type: z.enum(eventTypes).openapi({ example: 'daily.data.glucose.created' }) })
  .openapi('WebhookTestBody');

const WebhookTest = z
  .object({ message_id: z.string().openapi({ description: 'The `webhook-id` it comes under', example: 'msg_0f3c…' }) })
  .openapi('WebhookTest');

const route = createRoute({
  method: 'post',
  path: `${WEBHOOKS}/{webhook_id}/test`,
  operationId: 'testWebhook',
  tags: ['Webhooks'],
  summary: 'Send an endpoint an example of an event',
  description:
    'Marked by `"test": true`, signed, tried again and told of in `attempts` as all others are, in its turn behind what waits; whatever the filters say, and to this endpoint alone.',
  ...withTeamInPath('webhooks:write'),
  request: { params: WebhookParams, body: body(WebhookTestBody) },
  responses: { 202: json(WebhookTest, 'It is on its way'), ...writeErrors },
});

/** Ours: Vital’s is in its dashboard. */
export const registerTestWebhook = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { webhooks } = c.var.services;
    const [{ environment, webhook_id }, { event_type }] = [c.req.valid('param'), c.req.valid('json')];
    const endpoint = await webhooks.endpoints.get({ teamId: c.var.key.teamId, environment }, webhook_id);
    if (!endpoint) throw notFound();
    if (endpoint.disabled) throw new ApiError(409, 'The endpoint is disabled');
    return c.json({ message_id: await sendTest(webhooks, endpoint, event_type) }, 202);
  });
