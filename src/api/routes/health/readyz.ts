import { createRoute, z } from '@hono/zod-openapi';
import { dexcomRegions } from '../../../dexcom/region';
import type { Api } from '../../app';
import { json } from '../../contract';
import { instant } from '../../instant';

const RejectedApp = z.object({
  region: z.enum(dexcomRegions),
  use: z.enum(['connect', 'renew']).openapi({ description: 'What Dexcom refuses it: taking somebody in, or renewing who is in' }),
  since: z.iso.datetime({ offset: true }),
});
const Readiness = z
  .object({
    mongodb: z.boolean(),
    temporal: z.boolean(),
    rejected_apps: z.array(RejectedApp).openapi({ description: 'Apps whose credentials Dexcom does not take; the log names them' }),
  })
  .openapi('Readiness', { example: { mongodb: true, temporal: true, rejected_apps: [] } });

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
    const { ready, appAlarms } = c.var.services;
    const servers = await ready();
    const standing = servers.mongodb ? await appAlarms.standing(Date.now()) : [];
    // No reason to be taken out of service: what is stored can be read.
    const rejected_apps = standing.map(({ region, use, since }) => ({ region, use, since: instant(since) }));
    return c.json({ ...servers, rejected_apps }, servers.mongodb && servers.temporal ? 200 : 503);
  });
