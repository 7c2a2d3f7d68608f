import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { written } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { writtenEvent } from './page';
import { EventMessage } from './schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/events/{message_id}',
  operationId: 'getEvent',
  tags: ['Event feed'],
  summary: 'One event, whole',
  description: 'What the `link` of a thin event leads to; the id is its `webhook-id`.',
  ...withTeamKey('events:read'),
  request: { params: z.object({ message_id: z.string().max(100).openapi({ example: 'msg_2f6a1c7e8d0b4a53' }) }) },
  responses: { 200: written(EventMessage, 'The event'), ...readErrors },
});

/** Ours. */
export const registerGetEvent = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { messages } = c.var.services.feed;
    const [message] = await messages.read(c.var.key.teamId, [c.req.valid('param').message_id]);
    if (!message) throw notFound();
    return c.body(writtenEvent(message), 200, { 'content-type': 'application/json' });
  });
