import { createRoute, z } from '@hono/zod-openapi';
import type { Cursors } from '../../../security/cursors';
import type { MessageCursor } from '../../../storage/messages';
import { missingOf } from '../../../webhooks/missingOf';
import { eventPath } from '../../../webhooks/thinBody';
import type { PastDelivery } from '../../../webhooks/withDeliveries';
import type { Api } from '../../app';
import { Id, Instant, json } from '../../contract';
import { invalid, notFound, readErrors } from '../../errors';
import { instant } from '../../instant';
import { PageQuery } from '../../pageOf';
import { withTeamInPath } from '../../security/teamInPath';
import { WEBHOOKS, WebhookParams } from './schemas';
import { Since, sinceOf } from './since';

export type MissingCursors = Cursors<MessageCursor>;

export const MissingPosition: z.ZodType<MessageCursor> = z.object({ createdAt: z.number(), _id: z.string() });

const MissingEvent = z
  .object({
    message_id: z.string().openapi({ description: 'The `webhook-id` it comes under', example: 'msg_0f3c…' }),
    event_type: z.string().openapi({ example: 'daily.data.glucose.created' }),
    user_id: Id.nullable(),
    created_at: Instant,
    state: z.enum(['pending', 'exhausted', 'not_sent']).openapi({
      description:
        'It waits; it was given up; or it was never sent: told while the endpoint was disabled, not there yet or filtered otherwise',
    }),
    attempts: z.int().openapi({ example: 0 }),
    last_status: z.int().nullable().openapi({ example: 503 }),
    link: z.string().openapi({ description: 'Where the event can be read', example: '/v2/events/msg_0f3c…' }),
  })
  .openapi('MissingEvent');

const route = createRoute({
  method: 'get',
  path: `${WEBHOOKS}/{webhook_id}/missing`,
  operationId: 'listMissingEvents',
  tags: ['Webhooks'],
  summary: 'What an endpoint has not acknowledged, oldest first',
  description:
    'Of all events its filters let through, but those about endpoints. As long as there is a `next_cursor` there may be more, also behind a page that is short.',
  ...withTeamInPath('webhooks:read'),
  request: {
    params: WebhookParams,
    query: PageQuery.extend({ since: Since.optional().openapi({ description: 'When the endpoint was made, if it is left out' }) }),
  },
  responses: {
    200: json(z.object({ data: z.array(MissingEvent), next_cursor: z.string().nullable() }).openapi('MissingEvents'), 'One page'),
    ...readErrors,
  },
});

/** Ours. */
export const registerListMissingEvents = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { webhooks, missingCursors } = c.var.services;
    const [{ environment, webhook_id }, { since, next_cursor, limit }] = [c.req.valid('param'), c.req.valid('query')];
    const endpoint = await webhooks.endpoints.get({ teamId: c.var.key.teamId, environment }, webhook_id);
    if (!endpoint) throw notFound();

    const from = { createdAt: since === undefined ? endpoint.createdAt : sinceOf(since), _id: '' };
    const { missing, after } = await missingOf(webhooks, endpoint, positionOf(missingCursors, next_cursor) ?? from, limit);
    const data = missing.map((one) => shown(one, endpoint._id));
    return c.json({ data, next_cursor: after && missingCursors.seal(after) }, 200);
  });

function positionOf(cursors: MissingCursors, cursor: string | undefined): MessageCursor | null {
  if (cursor === undefined) return null;
  const position = cursors.open(cursor);
  if (!position) throw invalid({ type: 'value_error', loc: ['query', 'next_cursor'], msg: 'Not a cursor of this list', input: cursor });
  return position;
}

function shown({ message, delivery }: PastDelivery, endpointId: string): z.infer<typeof MissingEvent> {
  // Of a target, a delivery that is not there yet is about to be.
  const waits = delivery !== null || message.targets.includes(endpointId) ? 'pending' : 'not_sent';
  return {
    message_id: message._id,
    event_type: message.type,
    user_id: message.userId,
    created_at: instant(message.createdAt),
    state: delivery?.state === 'exhausted' ? 'exhausted' : waits,
    attempts: delivery?.attempts ?? 0,
    last_status: delivery?.lastStatus ?? null,
    link: eventPath(message._id),
  };
}
