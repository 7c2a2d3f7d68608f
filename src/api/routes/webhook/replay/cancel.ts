import { createRoute } from '@hono/zod-openapi';
import { cancelReplay } from '../../../../webhooks/replay/cancelReplay';
import type { Api } from '../../../app';
import { json } from '../../../contract';
import { notFound, readErrors } from '../../../errors';
import { withTeamInPath } from '../../../security/teamInPath';
import { WEBHOOKS } from '../schemas';
import { findReplay } from './find';
import { ReplayParams, WebhookReplay } from './schemas';
import { shown } from './shown';

const route = createRoute({
  method: 'delete',
  path: `${WEBHOOKS}/{webhook_id}/replay/{operation_id}`,
  operationId: 'cancelWebhookReplay',
  tags: ['Webhooks'],
  summary: 'End a resend, recovery or replay',
  description:
    'What is pending is taken back; what is being posted, has been tried or is waited for by another operation still comes. One of which nothing waits any more stays as it ended.',
  ...withTeamInPath('webhooks:write'),
  request: { params: ReplayParams },
  responses: { 200: json(WebhookReplay, 'It as it is now'), ...readErrors },
});

/** Ours. */
export const registerCancelWebhookReplay = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { environment, webhook_id, operation_id } = c.req.valid('param');
    const scope = { teamId: c.var.key.teamId, environment };
    const replay = await findReplay(c.var.services, scope, webhook_id, operation_id);
    const cancelled = await cancelReplay(c.var.services.webhooks, replay);
    if (!cancelled) throw notFound();
    return c.json(shown(cancelled), 200);
  });
