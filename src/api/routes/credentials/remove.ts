import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { administered, withManagementKey } from '../../security/managementKey';
import { Ids, Removed } from '../teamKey/schemas';
import { CREDENTIALS, CredentialsParams, dexcomRegionAt } from './schemas';

const route = createRoute({
  method: 'delete',
  path: CREDENTIALS,
  operationId: 'deleteCustomCredentials',
  tags: ['Management'],
  summary: 'Take Dexcom apps of teams out of use',
  description: 'People consent to the operator’s app again. Those who consented to the team’s stay connected.',
  ...withManagementKey(),
  request: { params: CredentialsParams, query: z.object({ credential_id: Ids }) },
  responses: { 200: json(Removed, 'What became of each'), ...readErrors },
});

/** vital-api.md §1.3 */
export const registerDeleteCredentials = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { dexcomCredentials } = c.var.services;
    const region = dexcomRegionAt(c.req.valid('param'));
    const { credential_id: ids } = c.req.valid('query');
    const removed = new Set<string>();
    for (const id of ids) {
      const place = await dexcomCredentials.placeOf(id);
      if (place?.region !== region || !(await administered(c, place.teamId))) continue;
      if (await dexcomCredentials.withdraw(place.teamId, region)) removed.add(id);
    }
    return c.json({ success: [...removed], failure: [], not_found: ids.filter((id) => !removed.has(id)) }, 200);
  });
