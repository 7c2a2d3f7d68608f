import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { PageQuery, pageOf } from '../../pageOf';
import { managedTeam, withManagementKey } from '../../security/managementKey';
import { teamPosition } from '../orgTeam/position';
import { Ids, PlaceParams } from '../teamKey/schemas';
import { shownPreferences } from './pullPreferences';
import { PULL_PREFERENCES, PullPreferences } from './schemas';

const route = createRoute({
  method: 'get',
  path: PULL_PREFERENCES,
  operationId: 'listPullPreferences',
  tags: ['Management'],
  summary: 'How far back first consents reach, team by team',
  ...withManagementKey(),
  request: {
    params: PlaceParams,
    query: PageQuery.extend({ team_id: Ids.optional(), provider: z.union([z.string(), z.array(z.string())]).optional() }),
  },
  responses: { 200: json(PullPreferences, 'One page'), ...readErrors },
});

/** vital-api.md §1.3, §7.1 */
export const registerListPullPreferences = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { teams, teamCursors } = c.var.services;
    const { orgId, teamIds } = c.var.management;
    const { team_id, provider: _, ...page } = c.req.valid('query');
    const asked = team_id ? (await Promise.all(team_id.map((id) => managedTeam(c, id)))).map(({ _id }) => _id) : teamIds;
    const { items, next_cursor } = await pageOf(teamCursors, page, {
      read: (after, most) => teams.page(orgId, asked, after, most),
      positionOf: teamPosition,
    });
    return c.json({ data_pull_preferences: items.map(shownPreferences), next_cursor }, 200);
  });
