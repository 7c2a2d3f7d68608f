import { randomUUID } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { startingPlace } from '../../../feed/startingPlace';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { invalid, notFound, readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { shownConsumer } from './consumer';
import { feedPlace } from './cursor';
import { ConsumerParams, EventConsumer, EventCursor } from './schemas';

const Placing = z
  .object({
    since: z.iso
      .datetime({ offset: true })
      .optional()
      .openapi({ description: 'Every event from this instant on', example: '2026-11-22T08:05:12Z' }),
    cursor: EventCursor.optional().openapi({ description: 'Of the feed: what comes behind it' }),
  })
  .openapi('EventConsumerPlacing');

const route = createRoute({
  method: 'put',
  path: '/v2/events/consumers/{consumer_name}',
  operationId: 'putEventConsumer',
  tags: ['Event feed'],
  summary: 'Make a consumer, or put it elsewhere',
  description:
    'With `since` or `cursor`; with neither it begins with the oldest event that is kept. What it has read before acknowledges nothing any more.',
  ...withTeamKey('events:read'),
  request: { params: ConsumerParams, body: body(Placing) },
  responses: { 200: json(EventConsumer, 'Where it stands now'), ...readErrors },
});

export const registerPutEventConsumer = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { feed } = c.var.services;
    const { teamId } = c.var.key;
    const { consumer_name: name } = c.req.valid('param');
    const { since, cursor } = c.req.valid('json');
    if (since !== undefined && cursor !== undefined)
      throw invalid({ type: 'value_error', loc: ['body', 'cursor'], msg: 'Either since or cursor', input: cursor });

    const place =
      cursor === undefined
        ? await startingPlace(feed, teamId, since === undefined ? null : Date.parse(since))
        : feedPlace(c, cursor, ['body', 'cursor']);
    await feed.consumers.put({ teamId, name, ...place, placing: randomUUID(), placedAt: Date.now() });
    // A consumer that never reads is to be seen falling behind.
    await feed.entries.begin(teamId);
    const consumer = await feed.consumers.get({ teamId, name });
    if (!consumer) throw notFound();
    return c.json(await shownConsumer(c, consumer), 200);
  });
