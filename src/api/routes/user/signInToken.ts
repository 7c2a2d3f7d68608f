import { createRoute, z } from '@hono/zod-openapi';
import { SIGN_IN_TOKEN_LIFE_S } from '../../../security/signInTokens';
import type { Api } from '../../app';
import { Id, json, Token, UserParams } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { readScopes } from '../../security/signInToken';
import { withTeamKey } from '../../security/teamKey';

const SignInToken = z
  .object({
    user_id: Id,
    sign_in_token: Token,
    expires_in: z.int().openapi({ description: 'Seconds (ours)', example: SIGN_IN_TOKEN_LIFE_S }),
  })
  .openapi('SignInToken');

const route = createRoute({
  method: 'post',
  path: '/v2/user/{user_id}/sign_in_token',
  operationId: 'createSignInToken',
  tags: ['Users'],
  summary: 'A token for the user’s own device',
  description:
    'Sent as `Authorization: Bearer` it reads what there is of this one user under paths that name them, for fifteen minutes: no other user, no ' +
    'list, nothing that changes anything. It reads no more than the key that made it, and ends with that key and with the user.',
  ...withTeamKey('users:write'),
  request: { params: UserParams },
  responses: { 200: json(SignInToken, 'The token'), ...readErrors },
});

/** vital-api.md §2.1 */
export const registerCreateSignInToken = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { teamId, keyId, orgId, scopes } = c.var.key;
    const userId = c.req.valid('param').user_id;
    if (!(await c.var.services.users.byId(teamId, userId))) throw notFound();

    const readable = readScopes.filter((scope) => scopes.includes(scope));
    const token = await c.var.services.signInTokens.issue({ teamId, userId, orgId, keyId, scopes: readable });
    return c.json({ user_id: userId, sign_in_token: token, expires_in: SIGN_IN_TOKEN_LIFE_S }, 200);
  });
