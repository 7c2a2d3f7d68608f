import { createRoute, z } from '@hono/zod-openapi';
import { ACCESS_TOKEN_LIFE_S } from '../../../security/accessTokens';
import { teamScopes, usualTeamScopes } from '../../../storage/apiKeys';
import type { Api } from '../../app';
import { body, json, Token } from '../../contract';
import { limitedErrors } from '../../errors';
import { managedTeam, withManagementKey } from '../../security/managementKey';
import { OrgTeamParams, TEAMS } from '../orgTeam/schemas';

const AccessTokenBody = z
  .object({
    env: z.enum(['production', 'sandbox']),
    scopes: z
      .array(z.enum(teamScopes))
      .min(1)
      .nullish()
      .openapi({ description: 'What it opens; otherwise all but `connections:transfer`' }),
  })
  .openapi('AccessTokenBody');

const AccessToken = z
  .object({ access_token: Token, expires_in: z.int().openapi({ description: 'Seconds', example: ACCESS_TOKEN_LIFE_S }) })
  .openapi('AccessToken');

const route = createRoute({
  method: 'post',
  path: `${TEAMS}/{team_id}/create_api_access_token`,
  operationId: 'createApiAccessToken',
  tags: ['Management'],
  summary: 'A bearer token for a team’s routes, good for minutes',
  description: 'Send it as `Authorization: Bearer`; at 401 make a new one. It ends with the key that made it.',
  ...withManagementKey(),
  request: { params: OrgTeamParams, body: body(AccessTokenBody) },
  responses: { 200: json(AccessToken, 'The token'), ...limitedErrors },
});

/** vital-api.md §1.1, §1.3 */
export const registerCreateAccessToken = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { accessTokens, accessTokenRate } = c.var.services;
    const { keyId } = c.var.management;
    const { _id: teamId, orgId } = await managedTeam(c, c.req.valid('param').team_id);
    accessTokenRate.take(teamId, Date.now());
    const token = await accessTokens.issue({ teamId, orgId, keyId, scopes: c.req.valid('json').scopes ?? usualTeamScopes });
    c.header('cache-control', 'no-store');
    return c.json({ access_token: token, expires_in: ACCESS_TOKEN_LIFE_S }, 200);
  });
