import { createRoute } from '@hono/zod-openapi';
import { newManagementKey } from '../../../teams/newKey';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { readErrors } from '../../errors';
import { withManagementKey } from '../../security/managementKey';
import { OrgParams } from '../orgTeam/schemas';
import { boundTeams, managementKey } from './managementKey';
import { MANAGEMENT_KEYS, ManagementKeyCreateBody, NewManagementKey } from './schemas';

const route = createRoute({
  method: 'post',
  path: MANAGEMENT_KEYS,
  operationId: 'createManagementKey',
  tags: ['Management'],
  summary: 'A new management key',
  description: '`key` is shown here and never again: only its hash is kept.',
  ...withManagementKey('org_admin'),
  request: { params: OrgParams, body: body(ManagementKeyCreateBody) },
  responses: { 200: json(NewManagementKey, 'The key'), ...readErrors },
});

/** vital-api.md §1.3 */
export const registerCreateManagementKey = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { label, role, team_role_bindings = null, expires_at = null } = c.req.valid('json');
    const { orgId } = c.var.management;
    const boundTeamIds = await boundTeams(c, team_role_bindings);
    const { key, doc } = newManagementKey({ orgId, label, role, boundTeamIds, expiresAt: expires_at });
    await c.var.services.apiKeys.insert(doc);
    c.header('cache-control', 'no-store');
    return c.json({ ...managementKey(doc), key }, 200);
  });
