import { createRoute } from '@hono/zod-openapi';
import { removeTeam } from '../../../teams/removeTeam';
import type { Api } from '../../app';
import { json } from '../../contract';
import { ApiError, writeErrors } from '../../errors';
import { managedTeam, withManagementKey } from '../../security/managementKey';
import { Success } from '../user/schemas';
import { OrgTeamParams, TEAMS } from './schemas';

const route = createRoute({
  method: 'delete',
  path: `${TEAMS}/{team_id}`,
  operationId: 'deleteTeam',
  tags: ['Management'],
  summary: 'Delete a team that has no users',
  description: 'Its keys, endpoints, credentials and bulk operations go with it. A team with users is refused with 409: delete them first.',
  ...withManagementKey('org_admin'),
  request: { params: OrgTeamParams },
  responses: { 200: json(Success, 'It is gone'), ...writeErrors },
});

/** vital-api.md §1.3 */
export const registerDeleteTeam = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services } = c.var;
    const team = await managedTeam(c, c.req.valid('param').team_id);
    if ((await services.users.count(team._id)) > 0) throw new ApiError(409, 'The team has users: delete them first');

    await removeTeam(services, team);
    services.recentKeys.forget();
    return c.json({ success: true } as const, 200);
  });
