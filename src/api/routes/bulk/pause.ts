import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { body, Id, json } from '../../contract';
import { ApiError, writeErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { wish } from '../user/wish';
import { BulkPauseBody, refuseOtherProviders } from './schemas';

const BulkPaused = z.object({ user_ids_paused: z.array(Id), user_ids_failed: z.array(Id) }).openapi('BulkPaused');

const route = createRoute({
  method: 'post',
  path: '/v2/link/bulk_pause',
  operationId: 'bulkPauseConnections',
  tags: ['Link'],
  summary: 'Stop fetching for users until told to resume',
  description: 'Who has no connection is listed as failed. Safe to repeat.',
  ...withTeamKey('users:write'),
  request: { body: body(BulkPauseBody) },
  responses: { 200: json(BulkPaused, 'It is so'), ...writeErrors },
});

/** vital-api.md §3.6 */
export const registerBulkPause = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { provider, user_ids } = c.req.valid('json');
    refuseOtherProviders(provider);
    const paused: string[] = [];
    const failed: string[] = [];
    for (const userId of new Set(user_ids)) {
      try {
        await wish(c.var.services, { teamId: c.var.key.teamId, userId, provider }, 'paused');
        paused.push(userId);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        failed.push(userId);
      }
    }
    return c.json({ user_ids_paused: paused, user_ids_failed: failed }, 200);
  });
