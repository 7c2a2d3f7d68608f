import { createRoute } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json, UserParams } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { clientFacingUser } from './clientFacingUser';
import { ClientFacingUser } from './schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/user/{user_id}',
  operationId: 'getUser',
  tags: ['Users'],
  summary: 'One user',
  ...withTeamKey('users:read'),
  request: { params: UserParams },
  responses: { 200: json(ClientFacingUser, 'The user'), ...readErrors },
});

/** vital-api.md §2.1, §2.3 */
export const registerGetUser = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { users, connections } = c.var.services;
    const [{ teamId }, { user_id }] = [c.var.key, c.req.valid('param')];
    const [user, connected] = await Promise.all([users.byId(teamId, user_id), connections.ofUser(teamId, user_id)]);
    if (!user) throw (await users.byIdEvenDeleted(teamId, user_id)) ? notFound('You have scheduled this user for deletion.') : notFound();
    return c.json(clientFacingUser(user, connected), 200);
  });
