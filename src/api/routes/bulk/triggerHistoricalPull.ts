import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { body, Id, json } from '../../contract';
import { writeErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { runBulk, usersWith } from './run';
import { BulkTriggerBody, refuseOtherProviders } from './schemas';

const BulkTriggered = z.object({ user_ids_triggered: z.array(Id), user_ids_failed: z.array(Id) }).openapi('BulkTriggered');

const route = createRoute({
  method: 'post',
  path: '/v2/link/bulk_trigger_historical_pull',
  operationId: 'bulkTriggerHistoricalPull',
  tags: ['Link'],
  summary: 'Have users’ history read again',
  description: 'Each is told by `historical.data.glucose.created` when it is read; a pull under way is joined.',
  ...withTeamKey('users:write'),
  request: { body: body(BulkTriggerBody) },
  responses: {
    200: json(BulkTriggered, 'All are triggered'),
    202: json(z.object({}), 'Under way: see `GET /v2/link/bulk_op`'),
    ...writeErrors,
  },
});

/** vital-api.md §3.6 */
export const registerBulkTriggerHistoricalPull = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { provider, user_ids, wait_for_completion: wait } = c.req.valid('json');
    refuseOtherProviders(provider);
    const items = user_ids.map((userId) => ({ userId, sessionId: null, result: null }));
    const ended = await runBulk(c.var.services, { teamId: c.var.key.teamId, type: 'link_bulk_historical_trigger', items, wait });
    if (!ended) return c.json({}, 202);
    return c.json({ user_ids_triggered: usersWith(ended, 'done'), user_ids_failed: usersWith(ended, 'failed') }, 200);
  });
