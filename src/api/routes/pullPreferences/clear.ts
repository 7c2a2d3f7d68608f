import { createRoute, z } from '@hono/zod-openapi';
import { teamDefaults } from '../../../storage/teams';
import { changeTeam } from '../../../teams/changeTeam';
import type { Api } from '../../app';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { managedTeam, withManagementKey } from '../../security/managementKey';
import { Ids, PlaceParams } from '../teamKey/schemas';
import { Success } from '../user/schemas';
import { PULL_PREFERENCES } from './schemas';

const route = createRoute({
  method: 'delete',
  path: PULL_PREFERENCES,
  operationId: 'deletePullPreferences',
  tags: ['Management'],
  summary: 'Pull everything again',
  description: 'For those who connect from now on.',
  ...withManagementKey(),
  request: { params: PlaceParams, query: z.object({ team_id: Ids, provider: z.union([z.string(), z.array(z.string())]).optional() }) },
  responses: { 200: json(Success, 'Nothing is limited'), ...readErrors },
});

/** vital-api.md §1.3 */
export const registerClearPullPreferences = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const teams = await Promise.all(c.req.valid('query').team_id.map((id) => managedTeam(c, id)));
    const { pullPreferences } = teamDefaults;
    await Promise.all(teams.map(({ _id }) => changeTeam(c.var.services, _id, () => ({ pullPreferences }))));
    return c.json({ success: true } as const, 200);
  });
