import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { OfferedProvider, offeredDexcom, SOURCE_TYPE } from './schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/providers',
  operationId: 'listProviders',
  tags: ['Providers'],
  summary: 'What people can connect',
  ...withTeamKey('users:read'),
  request: { query: z.object({ source_type: z.string().optional().openapi({ example: SOURCE_TYPE }) }) },
  responses: { 200: json(z.array(OfferedProvider), 'Every provider of this type, or of any'), ...readErrors },
});

/** vital-api.md §3.3 */
export const registerListProviders = (api: Api): unknown =>
  api.openapi(route, (c) => {
    const { source_type: wanted = SOURCE_TYPE } = c.req.valid('query');
    return c.json(wanted === SOURCE_TYPE ? [offeredDexcom()] : [], 200);
  });
