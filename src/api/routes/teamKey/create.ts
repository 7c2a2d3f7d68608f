import { createRoute } from '@hono/zod-openapi';
import { usualTeamScopes } from '../../../storage/apiKeys';
import { newTeamKey } from '../../../teams/newKey';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { readErrors } from '../../errors';
import { managedTeam, withManagementKey } from '../../security/managementKey';
import { PlaceParams, TEAM_KEYS, TeamKey, TeamKeyCreateBody } from './schemas';
import { teamKey } from './teamKey';

const route = createRoute({
  method: 'post',
  path: TEAM_KEYS,
  operationId: 'createTeamApiKey',
  tags: ['Management'],
  summary: 'A new key for a team',
  description: '`value` is the key. It is shown here and never again: only its hash is kept.',
  ...withManagementKey(),
  request: { params: PlaceParams, body: body(TeamKeyCreateBody) },
  responses: { 200: json(TeamKey, 'The key'), ...readErrors },
});

/** vital-api.md §1.3 */
export const registerCreateTeamKey = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { label, team_id, scopes, expires_at } = c.req.valid('json');
    const { _id: teamId, orgId } = await managedTeam(c, team_id);
    const { key, doc } = newTeamKey({ orgId, teamId, label, scopes: scopes ?? usualTeamScopes, expiresAt: expires_at ?? null });
    await c.var.services.apiKeys.insert(doc);
    c.header('cache-control', 'no-store');
    return c.json(teamKey(doc, key), 200);
  });
