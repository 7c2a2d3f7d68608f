import { createRoute } from '@hono/zod-openapi';
import { createTeam } from '../../../teams/createTeam';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { writeErrors } from '../../errors';
import { withManagementKey } from '../../security/managementKey';
import { orgTeam, settingsOf } from './orgTeam';
import { orTaken } from './orTaken';
import { OrgParams, OrgTeam, TEAMS, TeamCreateBody } from './schemas';

const route = createRoute({
  method: 'post',
  path: TEAMS,
  operationId: 'createTeam',
  tags: ['Management'],
  summary: 'A new team in the organisation',
  ...withManagementKey('org_admin'),
  request: { params: OrgParams, body: body(TeamCreateBody) },
  responses: { 200: json(OrgTeam, 'The team'), ...writeErrors },
});

/** vital-api.md §1.3 */
export const registerCreateTeam = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { name, region, ...settings } = c.req.valid('json');
    const { orgId } = c.var.management;
    const team = await orTaken(createTeam(c.var.services, { ...settingsOf(settings), orgId, name, region }));
    return c.json(orgTeam(team), 200);
  });
