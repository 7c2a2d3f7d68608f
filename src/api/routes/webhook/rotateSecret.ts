import { createRoute, z } from '@hono/zod-openapi';
import { MOST_FORMER_SECRETS, rotateSecret } from '../../../webhooks/rotateSecret';
import type { Api } from '../../app';
import { body } from '../../contract';
import { ApiError, notFound, writeErrors } from '../../errors';
import { withTeamInPath } from '../../security/teamInPath';
import { Secret, WEBHOOKS, WebhookParams } from './schemas';

const HOUR_MS = 3_600_000;

const WebhookRotationBody = z
  .object({
    key: Secret.nullish(),
    keep_old_hours: z.number().min(0).max(168).default(24).openapi({
      description: 'For how long the one it has goes on to sign beside the new one; 0 ends it now',
    }),
  })
  .openapi('WebhookRotationBody');

const route = createRoute({
  method: 'post',
  path: `${WEBHOOKS}/{webhook_id}/secret/rotate`,
  operationId: 'rotateWebhookSecret',
  tags: ['Webhooks'],
  summary: 'Give an endpoint another secret',
  description: `For a while both sign: each post has a signature of each, and whoever knows one of them can verify it. At most ${MOST_FORMER_SECRETS} former ones.`,
  ...withTeamInPath('webhooks:write'),
  request: { params: WebhookParams, body: body(WebhookRotationBody) },
  responses: { 204: { description: 'The new one signs' }, ...writeErrors },
});

/** vital-api.md §6.1; how long the former one signs is ours to say. */
export const registerRotateWebhookSecret = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const [{ environment, webhook_id }, { key = null, keep_old_hours }] = [c.req.valid('param'), c.req.valid('json')];
    const rotation = { key, keepMs: keep_old_hours * HOUR_MS };
    const outcome = await rotateSecret(c.var.services.webhooks, { teamId: c.var.key.teamId, environment }, webhook_id, rotation);
    if (outcome === 'not there') throw notFound();
    if (outcome === 'too many')
      throw new ApiError(409, `${MOST_FORMER_SECRETS} former secrets sign already; end them with DELETE …/secret/former`);
    return c.body(null, 204);
  });
