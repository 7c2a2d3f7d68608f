import { createRoute, z } from '@hono/zod-openapi';
import type { Cursors } from '../../../security/cursors';
import type { Api } from '../../app';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { PageQuery, pageOf } from '../../pageOf';
import { withTeamKey } from '../../security/teamKey';
import { shownConsumers } from './consumer';
import { EventConsumer } from './schemas';

/** By name. */
export const ConsumerNameShape = z.object({ name: z.string() });

export type ConsumerNameCursors = Cursors<z.infer<typeof ConsumerNameShape>>;

const route = createRoute({
  method: 'get',
  path: '/v2/events/consumers',
  operationId: 'listEventConsumers',
  tags: ['Event feed'],
  summary: 'The feed’s consumers, and how far each has come',
  ...withTeamKey('events:read'),
  request: { query: PageQuery },
  responses: {
    200: json(
      z.object({ data: z.array(EventConsumer), next_cursor: z.string().nullable() }).openapi('EventConsumers'),
      'One page, by name',
    ),
    ...readErrors,
  },
});

export const registerListEventConsumers = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { feed, consumerNameCursors } = c.var.services;
    const { teamId } = c.var.key;
    const page = await pageOf(consumerNameCursors, c.req.valid('query'), {
      read: (after, most) => feed.consumers.page(teamId, after?.name ?? '', most),
      positionOf: ({ name }) => ({ name }),
    });
    return c.json({ data: await shownConsumers(c, page.items), next_cursor: page.next_cursor }, 200);
  });
