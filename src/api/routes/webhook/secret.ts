import { createRoute } from '@hono/zod-openapi';
import { secretPlace } from '../../../webhooks/sealedPlaces';
import type { Api } from '../../app';
import { json } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { instant } from '../../instant';
import { withTeamInPath } from '../../security/teamInPath';
import { WEBHOOKS, WebhookParams, WebhookSecret } from './schemas';

const route = createRoute({
  method: 'get',
  path: `${WEBHOOKS}/{webhook_id}/secret`,
  operationId: 'getWebhookSecret',
  tags: ['Webhooks'],
  summary: 'The secret an endpoint’s events are signed with',
  description: 'Give it to a Standard Webhooks or Svix library. It needs a key that may also change endpoints.',
  ...withTeamInPath('webhooks:write'),
  request: { params: WebhookParams },
  responses: { 200: json(WebhookSecret, 'The secret'), ...readErrors },
});

/** vital-api.md §6.1 */
export const registerGetWebhookSecret = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { endpoints, keyring } = c.var.services.webhooks;
    const { environment, webhook_id } = c.req.valid('param');
    const endpoint = await endpoints.get({ teamId: c.var.key.teamId, environment }, webhook_id);
    if (!endpoint) throw notFound();
    c.header('cache-control', 'no-store');
    const former = endpoint.formerSecrets.filter(({ until }) => until > Date.now()).map(({ until }) => ({ signs_until: instant(until) }));
    return c.json({ key: keyring.open(endpoint.secret, secretPlace(endpoint._id)), former }, 200);
  });
