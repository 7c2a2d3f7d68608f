import { randomUUID } from 'node:crypto';
import { createRoute, type z } from '@hono/zod-openapi';
import type { UserDoc } from '../../../storage/users';
import { createUser } from '../../../users/createUser';
import { followTeam } from '../../../users/followTeam';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { readErrors, unauthorized } from '../../errors';
import { instant } from '../../instant';
import { withTeamKey } from '../../security/teamKey';
import { clientFacingUser } from './clientFacingUser';
import { givenFields, nothingGiven, refuseEmptyIngestion } from './fields';
import { ClientFacingUser, UserConflict, UserCreateBody } from './schemas';

const route = createRoute({
  method: 'post',
  path: '/v2/user',
  operationId: 'createUser',
  tags: ['Users'],
  summary: 'Create a user',
  description: 'Safe to repeat: the same `client_user_id` again is refused with the ids of the user that is there.',
  ...withTeamKey('users:write'),
  request: { body: body(UserCreateBody) },
  responses: {
    200: json(ClientFacingUser, 'The new user'),
    ...readErrors,
    400: json(UserConflict, 'This `client_user_id` is taken; by whom stands in `detail`'),
  },
});

/** vital-api.md §2.1, §2.3 */
export const registerCreateUser = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const wanted = newUser(c.var.key.teamId, c.req.valid('json'));
    const user = await createUser(c.var.services, wanted);
    if (user._id !== wanted._id) return c.json(conflictWith(user), 400);
    if (!(await followTeam(c.var.services, user))) throw unauthorized('The team is being deleted');
    return c.json(clientFacingUser(user, []), 200);
  });

function newUser(teamId: string, { client_user_id: clientUserId, ...given }: z.infer<typeof UserCreateBody>): UserDoc {
  const createdAt = Date.now();
  const blank = {
    _id: randomUUID(),
    teamId,
    clientUserId,
    ...nothingGiven,
    createdAt,
    updatedAt: createdAt,
    rev: 1,
    deletion: null,
    settleAt: null,
  };
  const user = { ...blank, ...givenFields(given, createdAt) };
  refuseEmptyIngestion(user);
  return user;
}

const conflictWith = ({ _id, createdAt }: UserDoc): z.infer<typeof UserConflict> => ({
  detail: {
    error_type: 'INVALID_REQUEST',
    error_message: 'Client user id already exists.',
    user_id: _id,
    created_on: instant(createdAt),
  },
});
