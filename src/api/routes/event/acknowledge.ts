import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { ApiError, invalid, notFound, writeErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { shownConsumer } from './consumer';
import { ConsumerParams, EventConsumer, EventCursor } from './schemas';

const route = createRoute({
  method: 'post',
  path: '/v2/events/consumers/{consumer_name}/acknowledge',
  operationId: 'acknowledgeEvents',
  tags: ['Event feed'],
  summary: 'A consumer is done with what it has read',
  description: 'It is moved forward, never back: repeating one, or an older one, changes nothing.',
  ...withTeamKey('events:read'),
  request: { params: ConsumerParams, body: body(z.object({ cursor: EventCursor }).openapi('EventAcknowledgement')) },
  responses: { 200: json(EventConsumer, 'Where it stands now'), ...writeErrors },
});

export const registerAcknowledgeEvents = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { feed, consumerCursors } = c.var.services;
    const { teamId } = c.var.key;
    const { consumer_name: name } = c.req.valid('param');
    const { cursor } = c.req.valid('json');
    if (!(await feed.consumers.get({ teamId, name }))) throw notFound();
    const read = consumerCursors.open(cursor);
    if (read?.teamId !== teamId || read.name !== name)
      throw invalid({ type: 'value_error', loc: ['body', 'cursor'], msg: 'Not a cursor this consumer has read', input: cursor });

    await feed.consumers.acknowledge({ teamId, name, placing: read.placing }, read, Date.now());
    const consumer = await feed.consumers.get({ teamId, name });
    if (!consumer) throw notFound();
    if (consumer.placing !== read.placing) throw new ApiError(409, 'The consumer was put elsewhere since this was read');
    return c.json(await shownConsumer(c, consumer), 200);
  });
