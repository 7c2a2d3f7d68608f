import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { Id, json } from '../../contract';
import { linkErrors, refused } from '../../errors';
import { withLinkToken } from '../../security/linkToken';
import { OrgTeam } from '../orgTeam/schemas';

const LinkConfig = z
  .object({
    team_id: Id,
    name: OrgTeam.shape.name,
    logo_url: z.string().nullable(),
    brand_information: z.looseObject({}).nullable(),
  })
  .openapi('LinkConfig');

const route = createRoute({
  method: 'get',
  path: '/v2/team/link/config',
  operationId: 'getLinkConfig',
  tags: ['Teams'],
  summary: 'How the team shows itself on a link page of its own',
  ...withLinkToken(),
  responses: { 200: json(LinkConfig, 'Of the link token’s team'), ...linkErrors },
});

/** vital-api.md §3.3, for the older client. */
export const registerGetLinkConfig = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const team = await c.var.services.teams.byId(c.var.link.session.teamId);
    if (!team) throw refused(401, 'INVALID_REQUEST', 'The link token is not valid');
    return c.json({ team_id: team._id, name: team.name, logo_url: team.logoUrl, brand_information: team.brandInformation }, 200);
  });
