import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { UserParams, wholeNumber, written } from '../../contract';
import { readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { bodyOf, lengthOf } from './body';
import { glucosePage, positionOf, READINGS_PER_PAGE } from './page';
import { GroupedGlucose } from './schemas';
import { queriedWindow, WindowQuery } from './window';
import { bytesFor, writePage } from './writePage';

const route = createRoute({
  method: 'get',
  path: '/v2/timeseries/{user_id}/glucose/grouped',
  operationId: 'getGlucoseGrouped',
  tags: ['Glucose'],
  summary: 'Glucose readings of one user, grouped by source',
  description:
    'Raw readings as measured, about one every five minutes, oldest first; gaps stay gaps. One group for each sensor or transmitter. Follow ' +
    '`next_cursor` until it is null: every reading that was there when the first page was read comes exactly once, whatever is added ' +
    'meanwhile. Repeat the other parameters unchanged, but for `limit`.',
  ...withTeamKey('glucose:read'),
  request: {
    params: UserParams,
    query: WindowQuery.extend({
      next_cursor: z.string().optional(),
      cursor: z.string().optional().openapi({ deprecated: true }),
      limit: wholeNumber(1, READINGS_PER_PAGE)
        .default(READINGS_PER_PAGE)
        .openapi({ description: 'Readings on a page at most; a few more where several were measured at one instant' }),
    }),
  },
  responses: { 200: written(GroupedGlucose, 'One page: at most about a fortnight'), ...readErrors },
});

/** vital-api.md §5.1 */
export const registerGetGlucoseGrouped = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services, key } = c.var;
    const { next_cursor, cursor, limit, provider, ...dates } = c.req.valid('query');
    const query = { teamId: key.teamId, userId: c.req.valid('param').user_id, provider, window: queriedWindow(dates) };
    const position = positionOf(services.glucoseCursors, query, next_cursor ?? cursor);

    const page = await glucosePage(services, query, position, limit, services.writtenDays);
    const next = page.next && services.glucoseCursors.seal(page.next);
    const pieces = writePage(page, next, services.pageBuffers.take(bytesFor(page), c.env.outgoing));
    return c.body(bodyOf(pieces), 200, { 'content-type': 'application/json', 'content-length': String(lengthOf(pieces)) });
  });
