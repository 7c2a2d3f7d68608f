import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { Id, json } from '../../contract';
import { readErrors } from '../../errors';
import { PageQuery, pageOf } from '../../pageOf';
import { managedKeys, managedTeam, withManagementKey } from '../../security/managementKey';
import { keyPosition } from './position';
import { PlaceParams, TEAM_KEYS, TeamKey } from './schemas';
import { teamKey } from './teamKey';

const route = createRoute({
  method: 'get',
  path: TEAM_KEYS,
  operationId: 'listTeamApiKeys',
  tags: ['Management'],
  summary: 'The teams’ keys, oldest first',
  description: 'Never with a secret: `value` ends in a key’s last four characters.',
  ...withManagementKey(),
  request: { params: PlaceParams, query: PageQuery.extend({ team_id: Id.optional() }) },
  responses: {
    200: json(z.object({ api_keys: z.array(TeamKey), next_cursor: z.string().nullable() }).openapi('TeamApiKeys'), 'One page'),
    ...readErrors,
  },
});

/** vital-api.md §1.3 */
export const registerListTeamKeys = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { management, services } = c.var;
    const { team_id, ...page } = c.req.valid('query');
    const owners = team_id === undefined ? managedKeys(management) : { orgId: management.orgId, of: [(await managedTeam(c, team_id))._id] };
    const { items, next_cursor } = await pageOf(services.keyCursors, page, {
      read: (after, most) => services.apiKeys.page(owners, after, most),
      positionOf: keyPosition,
    });
    return c.json({ api_keys: items.map((key) => teamKey(key)), next_cursor }, 200);
  });
