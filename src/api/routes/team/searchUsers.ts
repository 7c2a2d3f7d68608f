import { createRoute, z } from '@hono/zod-openapi';
import { resolveUser } from '../../../users/resolveUser';
import type { Api } from '../../app';
import { connectionsByUser } from '../../connectionsByUser';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { clientFacingUser } from '../user/clientFacingUser';
import { ClientFacingUser } from '../user/schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/team/users/search',
  operationId: 'searchTeamUsers',
  tags: ['Teams'],
  summary: 'The user of one id',
  deprecated: true,
  description: 'Whole ids only, yours or ours. Prefer `GET /v2/user/resolve/{client_user_id}`.',
  ...withTeamKey('users:read'),
  request: { query: z.object({ query_id: z.string().max(255).default('').openapi({ description: '`client_user_id` or `user_id`' }) }) },
  responses: { 200: json(z.array(ClientFacingUser), 'None, or one'), ...readErrors },
});

/** vital-api.md §2.1 */
export const registerSearchTeamUsers = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { users, connections } = c.var.services;
    const { teamId } = c.var.key;
    const { query_id: id } = c.req.valid('query');
    const user = (await resolveUser(c.var.services, teamId, id)) ?? (await users.byId(teamId, id.toLowerCase()));
    if (!user) return c.json([], 200);

    const connected = await connectionsByUser(connections, teamId, [user]);
    return c.json([clientFacingUser(user, connected(user))], 200);
  });
