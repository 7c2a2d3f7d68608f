import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../../app';
import { body, json } from '../../../contract';
import { notFound, writeErrors } from '../../../errors';
import { withTeamInPath } from '../../../security/teamInPath';
import { WEBHOOKS, WebhookParams } from '../schemas';
import { begin } from './begin';
import { ReplayHeaders, WebhookReplay } from './schemas';
import { shown } from './shown';

const WebhookResendBody = z
  .object({ message_id: z.string().min(1).max(100).openapi({ description: 'The `webhook-id` it came under', example: 'msg_0f3c…' }) })
  .openapi('WebhookResendBody');

const route = createRoute({
  method: 'post',
  path: `${WEBHOOKS}/{webhook_id}/resend`,
  operationId: 'resendWebhookEvent',
  tags: ['Webhooks'],
  summary: 'Send an endpoint one event again',
  description:
    'Under its `webhook-id`, whatever became of it before, and whatever the endpoint’s filters say. The endpoint is tried at once, even where it is being left alone.',
  ...withTeamInPath('webhooks:write'),
  request: { params: WebhookParams, headers: ReplayHeaders, body: body(WebhookResendBody) },
  responses: { 202: json(WebhookReplay, 'It is on its way'), ...writeErrors },
});

/** Ours: Vital’s is in its dashboard. */
export const registerResendWebhookEvent = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { webhooks } = c.var.services;
    const { teamId } = c.var.key;
    const [{ environment, webhook_id }, { message_id: messageId }] = [c.req.valid('param'), c.req.valid('json')];
    const endpoint = await webhooks.endpoints.get({ teamId, environment }, webhook_id);
    if (!endpoint) throw notFound();
    const [message] = await webhooks.messages.past(teamId, [messageId]);
    if (!message) throw notFound('There is no such event, or not any more');

    const wish = { kind: 'resend', messageId, userId: message.userId } as const;
    return c.json(shown(await begin(c.var.services, endpoint, wish, c.req.valid('header')['idempotency-key'])), 202);
  });
