import { createRoute } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { ApiError, notFound, writeErrors } from '../../errors';
import { withManagementKey } from '../../security/managementKey';
import { boundTeams, managementKey } from './managementKey';
import { MANAGEMENT_KEYS, ManagementKey, ManagementKeyChangeBody, ManagementKeyParams } from './schemas';

const route = createRoute({
  method: 'patch',
  path: `${MANAGEMENT_KEYS}/{key_id}`,
  operationId: 'changeManagementKey',
  tags: ['Management'],
  summary: 'Change a management key’s label, role or teams',
  ...withManagementKey('org_admin'),
  request: { params: ManagementKeyParams, body: body(ManagementKeyChangeBody) },
  responses: { 200: json(ManagementKey, 'The key as it is now'), ...writeErrors },
});

/** vital-api.md §1.3 */
export const registerChangeManagementKey = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { label, role, team_role_bindings } = c.req.valid('json');
    const { apiKeys, recentKeys } = c.var.services;
    const change = {
      ...(label !== undefined && { label }),
      ...(role !== undefined && { role }),
      ...(team_role_bindings !== undefined && { boundTeamIds: await boundTeams(c, team_role_bindings) }),
    };
    if (Object.keys(change).length === 0) throw new ApiError(400, 'Nothing to patch');

    const changed = await apiKeys.changeManagementKey(c.var.management.orgId, c.req.valid('param').key_id, change);
    if (!changed) throw notFound();
    recentKeys.forget();
    return c.json(managementKey(changed), 200);
  });
