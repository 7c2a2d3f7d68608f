import { createRoute } from '@hono/zod-openapi';
import { deleteUser } from '../../../users/deleteUser';
import type { Api } from '../../app';
import { json, UserParams } from '../../contract';
import { readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { absentUser } from './absentUser';
import { Success } from './schemas';

const route = createRoute({
  method: 'delete',
  path: '/v2/user/{user_id}',
  operationId: 'deleteUser',
  tags: ['Users'],
  summary: 'Delete a user',
  description:
    'Out of sight at once, every connection ended and its tokens dropped. For seven days `undo_delete` brings the user back, without connections; ' +
    'then everything known of them is erased. Dexcom takes no consent back from an app: tell the person to withdraw it in their Dexcom ' +
    'account, too.',
  ...withTeamKey('users:write'),
  request: { params: UserParams },
  responses: { 200: json(Success, 'It is so'), ...readErrors },
});

/** vital-api.md §2.1, §2.3 */
export const registerDeleteUser = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services, key } = c.var;
    const { user_id } = c.req.valid('param');
    if (!(await deleteUser(services, key.teamId, user_id))) throw await absentUser(services, key.teamId, user_id);
    return c.json({ success: true } as const, 200);
  });
