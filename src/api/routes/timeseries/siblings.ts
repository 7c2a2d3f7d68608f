import { createRoute, z } from '@hono/zod-openapi';
import { dexcomProvider } from '../../../webhooks/provider';
import type { Api } from '../../app';
import { json, UserParams } from '../../contract';
import { invalid, notFound, readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { GlucoseSource } from '../glucose/schemas';
import { queriedWindow, WindowQuery } from '../glucose/window';
import { type SiblingCursors, type SiblingPosition, siblingPage } from './siblingPage';
import { SIBLINGS, type SiblingName, type SiblingSample, siblingSample } from './siblingSamples';

export const SIBLING_NAMES: readonly SiblingName[] = ['insulin_injection', 'carbohydrates', 'note', 'workout_duration'];

const grouped = (resource: SiblingName) =>
  z
    .object({
      groups: z.object({ dexcom_v3: z.array(z.object({ source: GlucoseSource, data: z.array(SIBLINGS[resource].schema) })).optional() }),
      next: z.string().nullable().openapi({ deprecated: true }),
      next_cursor: z.string().nullable(),
    })
    .openapi(`Grouped_${resource}`.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()));

const routeOf = (resource: SiblingName) =>
  createRoute({
    method: 'get',
    path: `/v2/timeseries/{user_id}/${resource}/grouped`,
    operationId: `get_${resource}_grouped`.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    tags: ['Other timeseries'],
    summary: `What a user has written down as ${SIBLINGS[resource].types.join(', ')}, grouped by source`,
    description:
      'Read from Dexcom every twelve hours, of who has written nothing down every day; as it stands, without what was deleted. No event tells of ' +
      'it. Follow `next_cursor` until it is null.',
    ...withTeamKey('glucose:read'),
    request: {
      params: UserParams,
      query: WindowQuery.extend({ next_cursor: z.string().optional(), cursor: z.string().optional().openapi({ deprecated: true }) }),
    },
    responses: { 200: json(grouped(resource), 'One page, oldest first'), ...readErrors },
  });

/** vital-api.md §5.3 */
export function registerSiblingTimeseries(api: Api): void {
  for (const resource of SIBLING_NAMES) {
    api.openapi(routeOf(resource), async (c) => {
      const { services, key } = c.var;
      const { next_cursor, cursor, provider, ...dates } = c.req.valid('query');
      const userId = c.req.valid('param').user_id;
      const asked = { user: userId, resource, provider, ...queriedWindow(dates) };
      const boundary = boundaryOf(services.siblingCursors, asked, next_cursor ?? cursor);

      const [user, known] = await Promise.all([services.users.byId(key.teamId, userId), services.connections.ofUser(key.teamId, userId)]);
      if (!user) throw notFound();
      const wanted = known.filter((connection) => provider === '' || connection.provider === provider);
      const { found, next } = await siblingPage(services.records, wanted, {
        types: SIBLINGS[resource].types,
        from: boundary,
        to: asked.to,
      });
      const nextCursor = next === null ? null : services.siblingCursors.seal({ ...asked, boundary: next });
      return c.json({ groups: groupsOf(found), next: nextCursor, next_cursor: nextCursor }, 200);
    });
  }
}

/** Where a cursor goes on. @throws ApiError 422 for a cursor of another query */
function boundaryOf(cursors: SiblingCursors, asked: Omit<SiblingPosition, 'boundary'>, cursor: string | undefined): number {
  if (cursor === undefined) return asked.from;
  const position = cursors.open(cursor);
  const { user, resource, provider, from, to } = asked;
  const belongs = position?.user === user && position.resource === resource && position.provider === provider;
  if (!belongs || position.from !== from || position.to !== to)
    throw invalid({ type: 'value_error', loc: ['query', 'next_cursor'], msg: 'Not a cursor of this query', input: cursor });
  return position.boundary;
}

/** One for each connection that has any. */
function groupsOf(found: Awaited<ReturnType<typeof siblingPage>>['found']) {
  const groups = found
    .map((records) => records.map(siblingSample).filter((sample): sample is SiblingSample => sample !== null))
    .filter((data) => data.length > 0)
    .map((data) => ({ source, data }));
  return groups.length === 0 ? {} : { dexcom_v3: groups };
}

const source = {
  provider: dexcomProvider.slug,
  type: 'unknown',
  app_id: null,
  device_id: null,
  sport: null,
  workout_id: null,
  ...dexcomProvider,
} as const;
