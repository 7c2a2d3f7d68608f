import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';
import { linkErrors } from '../../errors';
import { withLinkToken } from '../../security/linkToken';
import { dexcomSource, Source } from '../provider/schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/link/providers',
  operationId: 'listLinkProviders',
  tags: ['Link'],
  summary: 'What the person of a link token can connect',
  ...withLinkToken(),
  responses: { 200: json(z.array(Source), 'Every provider'), ...linkErrors },
});

/** vital-api.md §3.3 */
export const registerListLinkProviders = (api: Api): unknown => api.openapi(route, (c) => c.json([dexcomSource(null)], 200));
