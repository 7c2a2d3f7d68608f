import { createRoute, z } from '@hono/zod-openapi';
import { fragment, JsonBytes } from '../../../glucose/jsonBytes';
import { writeSamples } from '../../../glucose/writeSamples';
import type { Api, ApiEnv } from '../../app';
import { UserParams, written } from '../../contract';
import { readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import type { Services } from '../../services';
import { firstPosition, type GlucosePage, type GlucoseQuery, glucosePage, READINGS_PER_PAGE } from './page';
import { GlucoseSample } from './schemas';
import { queriedWindow, WindowQuery } from './window';
import { BYTES_PER_READING } from './writePage';

const route = createRoute({
  method: 'get',
  path: '/v2/timeseries/{user_id}/glucose',
  operationId: 'getGlucose',
  tags: ['Glucose'],
  deprecated: true,
  summary: 'Glucose readings of one user in one list',
  description:
    'All readings of the dates asked for, oldest first, in one answer, however long. `getGlucoseGrouped` comes in pages and names sources.',
  ...withTeamKey('glucose:read'),
  request: { params: UserParams, query: WindowQuery },
  responses: { 200: written(z.array(GlucoseSample), 'The readings'), ...readErrors },
});

/** vital-api.md §5.2 */
export const registerGetGlucose = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services, key } = c.var;
    const { provider, ...dates } = c.req.valid('query');
    const query = { teamId: key.teamId, userId: c.req.valid('param').user_id, provider, window: queriedWindow(dates) };
    // Read before anything is answered, so that an error is one.
    const first = await glucosePage(services, query, firstPosition(query), READINGS_PER_PAGE, null);
    return c.body(ReadableStream.from(samplesFrom(c.var, query, first)), 200, { 'content-type': 'application/json' });
  });

/**
 * A JSON list, a page at a time, each read when the one before has been taken: one is in memory, however many there are. Where the rest cannot
 * be read it breaks off, so that nobody takes it for all there is.
 */
async function* samplesFrom(
  { services, requestId }: ApiEnv['Variables'],
  query: GlucoseQuery,
  first: GlucosePage,
): AsyncGenerator<Uint8Array, void, void> {
  let separator = '[';
  try {
    for (let page: GlucosePage | null = first; page; page = await pageAfter(services, query, page)) {
      const samples = samplesOf(page);
      if (samples.length === 0) continue;
      yield fragment(separator);
      yield samples;
      separator = ',';
    }
  } catch (err) {
    services.log.error({ err, requestId }, 'an answer broke off');
    throw new Error('the rest could not be read');
  }
  yield fragment(separator === '[' ? '[]' : ']');
}

const pageAfter = async (services: Services, query: GlucoseQuery, { next }: GlucosePage): Promise<GlucosePage | null> =>
  next && glucosePage(services, query, next, READINGS_PER_PAGE, null);

/** Without the brackets of its own list. */
function samplesOf({ readings }: GlucosePage): Uint8Array {
  const out = new JsonBytes(new Uint8Array(readings.length * BYTES_PER_READING + 2));
  writeSamples(out, readings);
  return out.finish().subarray(1, -1);
}
