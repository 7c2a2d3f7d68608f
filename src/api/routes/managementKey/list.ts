import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { PageQuery, pageOf } from '../../pageOf';
import { withManagementKey } from '../../security/managementKey';
import { OrgParams } from '../orgTeam/schemas';
import { keyPosition } from '../teamKey/position';
import { managementKey } from './managementKey';
import { MANAGEMENT_KEYS, ManagementKey } from './schemas';

const route = createRoute({
  method: 'get',
  path: MANAGEMENT_KEYS,
  operationId: 'listManagementKeys',
  tags: ['Management'],
  summary: 'The organisation’s management keys, oldest first',
  ...withManagementKey('org_admin'),
  request: { params: OrgParams, query: PageQuery },
  responses: {
    200: json(
      z.object({ management_keys: z.array(ManagementKey), next_cursor: z.string().nullable() }).openapi('ManagementKeys'),
      'One page',
    ),
    ...readErrors,
  },
});

/** vital-api.md §1.3 */
export const registerListManagementKeys = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { apiKeys, keyCursors } = c.var.services;
    const { orgId } = c.var.management;
    const { items, next_cursor } = await pageOf(keyCursors, c.req.valid('query'), {
      read: (after, most) => apiKeys.page({ orgId, of: 'the organisation' }, after, most),
      positionOf: keyPosition,
    });
    return c.json({ management_keys: items.map(managementKey), next_cursor }, 200);
  });
