import { createRoute } from '@hono/zod-openapi';
import { patchUser } from '../../../users/patchUser';
import { settleUser } from '../../../users/settleUser';
import type { Api } from '../../app';
import { body, UserParams } from '../../contract';
import { ApiError, invalid, writeErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { absentUser } from './absentUser';
import { givenFields, refuseEmptyIngestion } from './fields';
import { UserPatchBody } from './schemas';

const route = createRoute({
  method: 'patch',
  path: '/v2/user/{user_id}',
  operationId: 'patchUser',
  tags: ['Users'],
  summary: 'Change a user',
  description:
    'What is left out stays, null takes away. Safe to repeat. New ingestion bounds and a new zone hold for connections that are there too: for ' +
    'what is fetched from now on, and for what queries show. History that a wider start brings in is read by a new historical pull.',
  ...withTeamKey('users:write'),
  request: { params: UserParams, body: body(UserPatchBody) },
  responses: { 204: { description: 'It is so' }, ...writeErrors },
});

/** vital-api.md §2.1, §2.3 */
export const registerPatchUser = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services, key } = c.var;
    const { user_id: userId } = c.req.valid('param');
    const { client_user_id, ...given } = c.req.valid('json');
    if (client_user_id === null) throw clientUserIdReset();

    const now = Date.now();
    const changed = givenFields({ ...given, ...(client_user_id !== undefined && { client_user_id }) }, now);
    if (Object.keys(changed).length === 0) throw new ApiError(400, 'Nothing to patch');

    const user = await patchUser(services, { teamId: key.teamId, userId }, (before) => {
      refuseEmptyIngestion({ ...before, ...changed });
      return { ...changed, updatedAt: now, settleAt: now };
    });
    if (user === 'taken') throw new ApiError(409, 'Client user id already exists');
    if (user === 'absent') throw await absentUser(services, key.teamId, userId);
    await settleUser(services, user);
    return c.body(null, 204);
  });

const clientUserIdReset = (): ApiError =>
  invalid({
    type: 'value_error',
    loc: ['body', 'client_user_id'],
    msg: 'Value error, client_user_id is not a field that can be reset to null.',
    input: null,
  });
