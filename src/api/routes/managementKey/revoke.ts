import { createRoute } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { withManagementKey } from '../../security/managementKey';
import { Success } from '../user/schemas';
import { MANAGEMENT_KEYS, ManagementKeyParams } from './schemas';

const route = createRoute({
  method: 'delete',
  path: `${MANAGEMENT_KEYS}/{key_id}`,
  operationId: 'deleteManagementKey',
  tags: ['Management'],
  summary: 'Revoke a management key',
  description: 'The access tokens it made end with it.',
  ...withManagementKey('org_admin'),
  request: { params: ManagementKeyParams },
  responses: { 200: json(Success, 'It opens nothing any more'), ...readErrors },
});

/** vital-api.md §1.3 */
export const registerRevokeManagementKey = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { apiKeys, recentKeys } = c.var.services;
    const revoked = await apiKeys.revoke({ orgId: c.var.management.orgId, of: 'the organisation' }, c.req.valid('param').key_id);
    recentKeys.forget();
    if (!revoked) throw notFound();
    return c.json({ success: true } as const, 200);
  });
