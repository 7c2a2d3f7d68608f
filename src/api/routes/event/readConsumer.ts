import { createRoute } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { written } from '../../contract';
import { feedErrors, notFound } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { answerEvents } from './page';
import { ConsumerParams, EventPage, EventsQuery } from './schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/events/consumers/{consumer_name}',
  operationId: 'readEventConsumer',
  tags: ['Event feed'],
  summary: 'What comes behind what a consumer has acknowledged',
  description: 'Reading moves nothing: acknowledge the answer’s `cursor` once its events are yours. A name is for one reader at a time.',
  ...withTeamKey('events:read'),
  request: { params: ConsumerParams, query: EventsQuery },
  responses: { 200: written(EventPage, 'One page, in the feed’s order'), ...feedErrors },
});

export const registerReadEventConsumer = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { feed, consumerCursors } = c.var.services;
    const { teamId } = c.var.key;
    const { consumer_name: name } = c.req.valid('param');
    const consumer = await feed.consumers.get({ teamId, name });
    if (!consumer) throw notFound();
    const { placing } = consumer;
    return answerEvents(c, consumer, c.req.valid('query'), ({ position, nonce }) =>
      consumerCursors.seal({ teamId, name, placing, position, nonce }),
    );
  });
