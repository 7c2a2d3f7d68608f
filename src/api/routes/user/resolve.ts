import { createRoute, z } from '@hono/zod-openapi';
import { resolveUser } from '../../../users/resolveUser';
import type { Api } from '../../app';
import { json } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { clientFacingUser } from './clientFacingUser';
import { ClientFacingUser, ClientUserId } from './schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/user/resolve/{client_user_id}',
  operationId: 'resolveUser',
  tags: ['Users'],
  summary: 'The user behind your own id',
  ...withTeamKey('users:read'),
  request: { params: z.object({ client_user_id: ClientUserId }) },
  responses: { 200: json(ClientFacingUser, 'The user'), ...readErrors },
});

/** vital-api.md §2.1 */
export const registerResolveUser = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services } = c.var;
    const { teamId } = c.var.key;
    const user = await resolveUser(services, teamId, c.req.valid('param').client_user_id);
    if (!user) throw notFound('User not found');
    return c.json(clientFacingUser(user, await services.connections.ofUser(teamId, user._id)), 200);
  });
