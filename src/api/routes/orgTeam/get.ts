import { createRoute } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { managedTeam, withManagementKey } from '../../security/managementKey';
import { orgTeam } from './orgTeam';
import { OrgTeam, OrgTeamParams, TEAMS } from './schemas';

const route = createRoute({
  method: 'get',
  path: `${TEAMS}/{team_id}`,
  operationId: 'getOrgTeam',
  tags: ['Management'],
  summary: 'One team of the organisation',
  ...withManagementKey(),
  request: { params: OrgTeamParams },
  responses: { 200: json(OrgTeam, 'The team'), ...readErrors },
});

/** vital-api.md §1.3 */
export const registerGetOrgTeam = (api: Api): unknown =>
  api.openapi(route, async (c) => c.json(orgTeam(await managedTeam(c, c.req.valid('param').team_id)), 200));
