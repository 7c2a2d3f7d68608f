import { createRoute, z } from '@hono/zod-openapi';
import { openHeaders } from '../../../webhooks/customHeaders';
import type { Api } from '../../app';
import { json } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { withTeamInPath } from '../../security/teamInPath';
import { WEBHOOKS, WebhookParams } from './schemas';

const WebhookHeaders = z
  .object({
    headers: z.record(z.string(), z.string()).openapi({ description: 'Those whose values are shown: none', example: {} }),
    sensitive: z.array(z.string()).openapi({ description: 'Names of those whose values are hidden', example: ['x-api-key'] }),
  })
  .openapi('WebhookHeaders');

const route = createRoute({
  method: 'get',
  path: `${WEBHOOKS}/{webhook_id}/headers`,
  operationId: 'getWebhookHeaders',
  tags: ['Webhooks'],
  summary: 'The headers of its owner’s that are sent along',
  description: 'Their names: which value is a secret only their owner knows, so no value ever comes back.',
  ...withTeamInPath('webhooks:read'),
  request: { params: WebhookParams },
  responses: { 200: json(WebhookHeaders, 'The names'), ...readErrors },
});

/** vital-api.md §6.1 */
export const registerGetWebhookHeaders = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { endpoints, keyring } = c.var.services.webhooks;
    const { environment, webhook_id } = c.req.valid('param');
    const endpoint = await endpoints.get({ teamId: c.var.key.teamId, environment }, webhook_id);
    if (!endpoint) throw notFound();
    return c.json({ headers: {}, sensitive: Object.keys(openHeaders(keyring, endpoint)) }, 200);
  });
