import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { PageQuery, pageOf } from '../../pageOf';
import { managedTeam, withManagementKey } from '../../security/managementKey';
import { teamPosition } from '../orgTeam/position';
import { Ids } from '../teamKey/schemas';
import { credentials } from './credentials';
import { CREDENTIALS, Credentials, CredentialsParams, dexcomRegionAt } from './schemas';

const route = createRoute({
  method: 'get',
  path: CREDENTIALS,
  operationId: 'listCustomCredentials',
  tags: ['Management'],
  summary: 'The Dexcom apps that teams brought along for a region',
  description: 'Pages go team by team: one may hold nothing. Follow `next_cursor`.',
  ...withManagementKey(),
  request: { params: CredentialsParams, query: PageQuery.extend({ team_id: Ids.optional(), provider: z.string().optional() }) },
  responses: {
    200: json(z.object({ credentials: z.array(Credentials), next_cursor: z.string().nullable() }).openapi('CredentialsList'), 'One page'),
    ...readErrors,
  },
});

/** vital-api.md §1.3 */
export const registerListCredentials = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { teams, teamCursors, dexcomCredentials } = c.var.services;
    const { orgId, teamIds } = c.var.management;
    const { team_id, provider: _, ...page } = c.req.valid('query');
    const region = dexcomRegionAt(c.req.valid('param'));
    const asked = team_id ? (await Promise.all(team_id.map((id) => managedTeam(c, id)))).map(({ _id }) => _id) : teamIds;

    const { items, next_cursor } = await pageOf(teamCursors, page, {
      read: (after, most) => teams.page(orgId, asked, after, most),
      positionOf: teamPosition,
    });
    const found = await Promise.all(items.map(async ({ _id }) => ({ _id, own: await dexcomCredentials.list(_id) })));
    const shown = found.flatMap(({ _id, own }) => own.filter((one) => one.region === region).map((one) => credentials(_id, one)));
    return c.json({ credentials: shown, next_cursor }, 200);
  });
