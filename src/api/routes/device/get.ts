import { createRoute } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { Id, json, UserParams } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { clientFacingDevice, Device } from './schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/user/{user_id}/device/{device_id}',
  operationId: 'getUserDevice',
  tags: ['Users'],
  summary: 'One of a user’s sensors or transmitters',
  ...withTeamKey('users:read'),
  request: { params: UserParams.extend({ device_id: Id }) },
  responses: { 200: json(Device, 'The device'), ...readErrors },
});

/** vital-api.md §2.1 */
export const registerGetUserDevice = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { users, devices } = c.var.services;
    const [{ teamId }, { user_id, device_id }] = [c.var.key, c.req.valid('param')];
    const [user, device] = await Promise.all([users.byId(teamId, user_id), devices.byId(teamId, user_id, device_id)]);
    if (!user || !device) throw notFound();
    return c.json(clientFacingDevice(device), 200);
  });
