import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';

const route = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'healthz',
  tags: ['Health'],
  summary: 'The process is up',
  responses: { 200: json(z.object({ status: z.literal('ok') }), 'It answers') },
});

export const registerHealthz = (api: Api): unknown => api.openapi(route, (c) => c.json({ status: 'ok' } as const, 200));
