import { createRoute } from '@hono/zod-openapi';
import type { Api } from '../../../app';
import { json } from '../../../contract';
import { readErrors } from '../../../errors';
import { withTeamInPath } from '../../../security/teamInPath';
import { WEBHOOKS } from '../schemas';
import { findReplay } from './find';
import { ReplayParams, WebhookReplay } from './schemas';
import { shown } from './shown';

const route = createRoute({
  method: 'get',
  path: `${WEBHOOKS}/{webhook_id}/replay/{operation_id}`,
  operationId: 'getWebhookReplay',
  tags: ['Webhooks'],
  summary: 'How far a resend, recovery or replay has come',
  description: 'Until a week after its end.',
  ...withTeamInPath('webhooks:read'),
  request: { params: ReplayParams },
  responses: { 200: json(WebhookReplay, 'It as it is now'), ...readErrors },
});

/** Ours. */
export const registerGetWebhookReplay = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { environment, webhook_id, operation_id } = c.req.valid('param');
    const scope = { teamId: c.var.key.teamId, environment };
    return c.json(shown(await findReplay(c.var.services, scope, webhook_id, operation_id)), 200);
  });
