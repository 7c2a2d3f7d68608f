import { randomUUID } from 'node:crypto';
import { createRoute, type z } from '@hono/zod-openapi';
import type { UserDoc } from '../../../storage/users';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { readErrors } from '../../errors';
import { instant } from '../../instant';
import { withTeamKey } from '../../security/teamKey';
import { clientFacingUser } from './clientFacingUser';
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
    const user = await c.var.services.users.create(wanted);
    return user._id === wanted._id ? c.json(clientFacingUser(user, []), 200) : c.json(conflictWith(user), 400);
  });

const newUser = (teamId: string, given: z.infer<typeof UserCreateBody>): UserDoc => ({
  _id: randomUUID(),
  teamId,
  clientUserId: given.client_user_id,
  fallbackTimeZone: given.fallback_time_zone ?? null,
  fallbackBirthDate: given.fallback_birth_date ?? null,
  ingestionStart: given.ingestion_start ?? null,
  ingestionEnd: given.ingestion_end ?? null,
  createdAt: Date.now(),
});

const conflictWith = ({ _id, createdAt }: UserDoc): z.infer<typeof UserConflict> => ({
  detail: {
    error_type: 'INVALID_REQUEST',
    error_message: 'Client user id already exists.',
    user_id: _id,
    created_on: instant(createdAt),
  },
});
