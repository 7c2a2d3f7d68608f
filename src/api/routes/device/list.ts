import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json, UserParams } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { clientFacingDevice, Device } from './schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/user/{user_id}/device',
  operationId: 'listUserDevices',
  tags: ['Users'],
  summary: 'The sensors and transmitters that have measured a user’s readings',
  ...withTeamKey('users:read'),
  request: { params: UserParams },
  responses: { 200: json(z.array(Device), 'All there were, in the order they were first seen'), ...readErrors },
});

/** vital-api.md §2.1 */
export const registerListUserDevices = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { users, devices } = c.var.services;
    const [{ teamId }, { user_id }] = [c.var.key, c.req.valid('param')];
    const [user, all] = await Promise.all([users.byId(teamId, user_id), devices.ofUser(teamId, user_id)]);
    if (!user) throw notFound();
    return c.json(all.map(clientFacingDevice), 200);
  });
