import { createRoute, type z } from '@hono/zod-openapi';
import type { TeamChange, TeamDoc } from '../../../storage/teams';
import { changeTeam } from '../../../teams/changeTeam';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { ApiError, notFound, writeErrors } from '../../errors';
import { managedTeam, withManagementKey } from '../../security/managementKey';
import { orgTeam, settingsOf } from './orgTeam';
import { orTaken } from './orTaken';
import { OrgTeam, OrgTeamParams, TEAMS, TeamChangeBody } from './schemas';

const route = createRoute({
  method: 'patch',
  path: `${TEAMS}/{team_id}`,
  operationId: 'changeTeam',
  tags: ['Management'],
  summary: 'Change a team',
  description: 'What is left out stays. `brand_information` is merged key by key; null takes a value back where there may be none.',
  ...withManagementKey(),
  request: { params: OrgTeamParams, body: body(TeamChangeBody) },
  responses: { 200: json(OrgTeam, 'The team as it is now'), ...writeErrors },
});

/** vital-api.md §1.3 */
export const registerChangeTeam = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { _id } = await managedTeam(c, c.req.valid('param').team_id);
    const given = c.req.valid('json');
    if (Object.keys(given).length === 0) throw new ApiError(400, 'Nothing to patch');

    const team = await orTaken(changeTeam(c.var.services, _id, (now) => changeOf(now, given)));
    if (!team) throw notFound();
    return c.json(orgTeam(team), 200);
  });

function changeOf({ brandInformation }: TeamDoc, given: z.infer<typeof TeamChangeBody>): Omit<TeamChange, 'updatedAt'> {
  const { name, production, sandbox, ...flat } = given;
  const settings = settingsOf({ ...sandbox, ...production, ...flat });
  const brand = settings.brandInformation && { brandInformation: { ...brandInformation, ...settings.brandInformation } };
  return { ...settings, ...brand, ...(name && { name }) };
}
