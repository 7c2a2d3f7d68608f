import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';

const Readiness = z.object({ mongodb: z.boolean(), temporal: z.boolean() }).openapi('Readiness');

const route = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'readyz',
  tags: ['Health'],
  summary: 'The database and Temporal answer',
  responses: { 200: json(Readiness, 'Both do'), 503: json(Readiness, 'One does not; requests that need it get 503 until it does') },
});

export const registerReadyz = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const ready = await c.var.services.ready();
    return c.json(ready, ready.mongodb && ready.temporal ? 200 : 503);
  });
