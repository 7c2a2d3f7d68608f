import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { UserParams, written } from '../../contract';
import { readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { glucosePage } from './page';
import { GroupedGlucose } from './schemas';
import { queriedWindow, WindowQuery } from './window';

const route = createRoute({
  method: 'get',
  path: '/v2/timeseries/{user_id}/glucose/grouped',
  operationId: 'getGlucoseGrouped',
  tags: ['Glucose'],
  summary: 'Glucose readings of one user, grouped by source',
  description:
    'Raw readings as measured, about one every five minutes, oldest first; gaps stay gaps. Follow `next_cursor` until it is null: every ' +
    'reading that was there when the first page was read comes exactly once, whatever is added meanwhile. Repeat the other parameters unchanged.',
  ...withTeamKey('glucose:read'),
  request: {
    params: UserParams,
    query: WindowQuery.extend({
      provider: z.string().default('').openapi({ description: 'A slug; empty for all' }),
      next_cursor: z.string().optional(),
      cursor: z.string().optional().openapi({ deprecated: true }),
    }),
  },
  responses: { 200: written(GroupedGlucose, 'One page: about a fortnight'), ...readErrors },
});

/** vital-api.md §5.1 */
export const registerGetGlucoseGrouped = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { provider, next_cursor, cursor, ...dates } = c.req.valid('query');
    const { teamId } = c.var.key;
    const { user_id: userId } = c.req.valid('param');
    const query = { teamId, userId, provider, window: queriedWindow(dates), cursor: next_cursor ?? cursor };
    return c.body(await glucosePage(c.var.services, query), 200, { 'content-type': 'application/json' });
  });
