import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { managedKeys, withManagementKey } from '../../security/managementKey';
import { Ids, PlaceParams, Removed, TEAM_KEYS } from './schemas';

const route = createRoute({
  method: 'delete',
  path: TEAM_KEYS,
  operationId: 'deleteTeamApiKeys',
  tags: ['Management'],
  summary: 'Revoke keys of teams',
  description: 'This process takes them no longer; others for a second at most.',
  ...withManagementKey(),
  request: { params: PlaceParams, query: z.object({ api_key_id: Ids }) },
  responses: { 200: json(Removed, 'What became of each'), ...readErrors },
});

/** vital-api.md §1.3 */
export const registerRevokeTeamKeys = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { apiKeys, recentKeys } = c.var.services;
    const { api_key_id: ids } = c.req.valid('query');
    const revoked = new Set<string>();
    for (const id of ids) if (await apiKeys.revoke(managedKeys(c.var.management), id)) revoked.add(id);
    recentKeys.forget();
    return c.json({ success: [...revoked], failure: [], not_found: ids.filter((id) => !revoked.has(id)) }, 200);
  });
