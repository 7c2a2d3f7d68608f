import { createRoute } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { notFound, readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { ConsumerParams } from './schemas';

const route = createRoute({
  method: 'delete',
  path: '/v2/events/consumers/{consumer_name}',
  operationId: 'deleteEventConsumer',
  tags: ['Event feed'],
  summary: 'Forget a consumer',
  ...withTeamKey('events:read'),
  request: { params: ConsumerParams },
  responses: { 204: { description: 'It is gone; the feed is as it was' }, ...readErrors },
});

export const registerDeleteEventConsumer = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { teamId } = c.var.key;
    const { consumer_name: name } = c.req.valid('param');
    if (!(await c.var.services.feed.consumers.remove({ teamId, name }))) throw notFound();
    return c.body(null, 204);
  });
