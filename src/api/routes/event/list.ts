import { createRoute } from '@hono/zod-openapi';
import { startingPlace } from '../../../feed/startingPlace';
import type { Api } from '../../app';
import { written } from '../../contract';
import { feedErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { feedPlace } from './cursor';
import { answerEvents } from './page';
import { EventCursor, EventPage, EventsQuery } from './schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/events',
  operationId: 'listEvents',
  tags: ['Event feed'],
  summary: 'The team’s events in one order, for whoever would rather ask',
  description:
    'The same events as endpoints get, those included that no endpoint wanted. Go on with the `cursor` of each answer as `after`: each event ' +
    'comes once, whoever is interrupted. Without `after` it begins with the oldest that is kept.',
  ...withTeamKey('events:read'),
  request: { query: EventsQuery.extend({ after: EventCursor.optional() }) },
  responses: { 200: written(EventPage, 'One page, in the feed’s order'), ...feedErrors },
});

/** Ours: Vital has nothing like it. */
export const registerListEvents = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { feed, feedCursors } = c.var.services;
    const { teamId } = c.var.key;
    const { after, ...query } = c.req.valid('query');
    const place = after === undefined ? await startingPlace(feed, teamId, null) : feedPlace(c, after, ['query', 'after']);
    return answerEvents(c, place, query, ({ position, nonce }) => feedCursors.seal({ teamId, position, nonce, since: place.since }));
  });
