import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { PageQuery, pageOf } from '../../pageOf';
import { withManagementKey } from '../../security/managementKey';
import { orgTeam } from './orgTeam';
import { teamPosition } from './position';
import { OrgParams, OrgTeam, TEAMS } from './schemas';

const route = createRoute({
  method: 'get',
  path: TEAMS,
  operationId: 'listTeams',
  tags: ['Management'],
  summary: 'The organisation’s teams, oldest first',
  description: 'Those the key administers. With `search_query` a page may hold fewer than `limit`, even none: follow `next_cursor`.',
  ...withManagementKey(),
  request: { params: OrgParams, query: PageQuery.extend({ search_query: z.string().max(50).optional() }) },
  responses: {
    200: json(z.object({ teams: z.array(OrgTeam), next_cursor: z.string().nullable() }).openapi('OrgTeams'), 'One page'),
    ...readErrors,
  },
});

/** vital-api.md §1.3 */
export const registerListTeams = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { teams, teamCursors } = c.var.services;
    const { orgId, teamIds } = c.var.management;
    const { search_query = '', ...page } = c.req.valid('query');
    const { items, next_cursor } = await pageOf(teamCursors, page, {
      read: (after, most) => teams.page(orgId, teamIds, after, most),
      positionOf: teamPosition,
    });
    const wanted = items.filter(({ name }) => name.toLowerCase().includes(search_query.toLowerCase()));
    return c.json({ teams: wanted.map(orgTeam), next_cursor }, 200);
  });
