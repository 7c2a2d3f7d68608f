import { createRoute, z } from '@hono/zod-openapi';
import type { Cursors } from '../../../security/cursors';
import type { EndpointCursor } from '../../../storage/webhookEndpoints';
import type { Api } from '../../app';
import { json } from '../../contract';
import { invalid, readErrors } from '../../errors';
import { PageQuery } from '../../pageOf';
import { withTeamInPath } from '../../security/teamInPath';
import { WEBHOOKS, Webhooks, WebhooksParams } from './schemas';
import { webhook } from './webhook';

export type WebhookCursors = Cursors<EndpointCursor>;

export const EndpointPosition: z.ZodType<EndpointCursor> = z.object({ createdAt: z.number(), _id: z.string() });

const route = createRoute({
  method: 'get',
  path: WEBHOOKS,
  operationId: 'listWebhooks',
  tags: ['Webhooks'],
  summary: 'The team’s endpoints, oldest first',
  ...withTeamInPath('webhooks:read'),
  request: {
    params: WebhooksParams,
    query: PageQuery,
  },
  responses: { 200: json(Webhooks, 'One page'), ...readErrors },
});

/** vital-api.md §6.1 */
export const registerListWebhooks = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { webhooks, webhookCursors } = c.var.services;
    const [{ environment }, { next_cursor, limit }] = [c.req.valid('param'), c.req.valid('query')];
    const after = positionOf(webhookCursors, next_cursor);

    const found = await webhooks.endpoints.page({ teamId: c.var.key.teamId, environment }, after, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const next = last ? webhookCursors.seal({ createdAt: last.createdAt, _id: last._id }) : null;
    return c.json({ data: page.map(webhook), next_cursor: next }, 200);
  });

function positionOf(cursors: WebhookCursors, cursor: string | undefined): EndpointCursor | null {
  if (cursor === undefined) return null;
  const position = cursors.open(cursor);
  if (!position) throw invalid({ type: 'value_error', loc: ['query', 'next_cursor'], msg: 'Not a cursor of this list', input: cursor });
  return position;
}
