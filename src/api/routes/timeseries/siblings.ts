import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json, UserParams } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { queriedWindow, WindowQuery } from '../glucose/window';

/** What a Dexcom account may hold besides glucose, and nobody reads yet (vital-api.md §5.3). */
export const SIBLINGS = ['insulin_injection', 'carbohydrates', 'note', 'workout_duration'] as const;

const NothingYet = z
  .object({ groups: z.object({}), next: z.null().openapi({ deprecated: true }), next_cursor: z.null() })
  .openapi('EmptyTimeseries');

const routeOf = (resource: (typeof SIBLINGS)[number]) =>
  createRoute({
    method: 'get',
    path: `/v2/timeseries/{user_id}/${resource}/grouped`,
    operationId: `get_${resource}_grouped`.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    tags: ['Other timeseries'],
    summary: `Always empty for now: ${resource} is not read from Dexcom yet`,
    ...withTeamKey('glucose:read'),
    request: {
      params: UserParams,
      query: WindowQuery.extend({ next_cursor: z.string().optional(), cursor: z.string().optional().openapi({ deprecated: true }) }),
    },
    responses: { 200: json(NothingYet, 'No groups'), ...readErrors },
  });

/** They answer, so that an app that asks for everything works; introspection lists them as `not_pulled`. */
export function registerSiblingTimeseries(api: Api): void {
  for (const resource of SIBLINGS) {
    api.openapi(routeOf(resource), async (c) => {
      queriedWindow(c.req.valid('query'));
      const user = await c.var.services.users.byId(c.var.key.teamId, c.req.valid('param').user_id);
      if (!user) throw notFound();
      return c.json({ groups: {}, next: null, next_cursor: null }, 200);
    });
  }
}
