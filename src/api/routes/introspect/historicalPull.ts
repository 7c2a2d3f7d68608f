import { createRoute, type z } from '@hono/zod-openapi';
import { unbrokenBackTo } from '../../../freshness/backfillWindows';
import { RELEASE } from '../../../release';
import type { ConnectionDoc } from '../../../storage/connectionDoc';
import type { GlucoseDays } from '../../../storage/glucoseDays';
import type { Api } from '../../app';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { instant, instantOrNull } from '../../instant';
import { withTeamKey } from '../../security/teamKey';
import { SIBLING_NAMES } from '../timeseries/siblings';
import { introspectedPage } from './introspectedPage';
import { IntrospectQuery } from './position';
import { isLasting, pullFailureOf } from './pullFailure';
import { readWindows } from './readWindows';
import { type HistoricalPull, HistoricalPulls } from './schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/introspect/historical_pull',
  operationId: 'introspectHistoricalPulls',
  tags: ['Introspection'],
  summary: 'How far the history of each user has been read',
  ...withTeamKey('users:read'),
  request: { query: IntrospectQuery },
  responses: { 200: json(HistoricalPulls, 'One page of users, newest first'), ...readErrors },
});

/** vital-api.md §7.3 */
export const registerIntrospectHistoricalPulls = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services, key } = c.var;
    const query = c.req.valid('query');
    const days = query.user_id === undefined ? null : services.glucoseDays;
    return c.json(
      await introspectedPage(services, key.teamId, query, (connection, nextPollAt) => pullsOf(connection, days, nextPollAt)),
      200,
    );
  });

/** @param glucoseDays to look at every day in, which is too much work for a whole page of users */
async function pullsOf(
  connection: ConnectionDoc,
  glucoseDays: GlucoseDays | null,
  nextPollAt: number | null,
): Promise<z.infer<typeof HistoricalPulls>['data'][number]['provider']> {
  const windows = glucoseDays && (await readWindows(glucoseDays, connection));
  return {
    [connection.provider]: {
      pulled: { glucose: { ...historicalPull(connection, nextPollAt), ...windows } },
      not_pulled: [...notPulled(connection)],
    },
  };
}

/** What people write down is read beside the readings, from the start of the history on, to the end of its person's ingestion. */
const notPulled = ({ records, backfill: { ceiling }, bounds }: ConnectionDoc): readonly string[] =>
  records && records.coveredUntil >= Math.min(ceiling, bounds?.to ?? ceiling) ? [] : SIBLING_NAMES;

function historicalPull(connection: ConnectionDoc, nextPollAt: number | null): z.infer<typeof HistoricalPull> {
  const { backfill, createdAt, history } = connection;
  const failure = pullFailureOf(connection);
  return {
    status: statusOf(connection),
    range_start: instantOrNull(backfill.floor),
    range_end: instant(backfill.ceiling),
    timeline: {
      scheduled_at: instant(history?.scheduledAt ?? createdAt),
      started_at: instantOrNull(backfill.startedAt),
      ended_at: instantOrNull(backfill.endedAt),
    },
    release: RELEASE,
    trace_id: history?.pullId ?? null,
    error_details: failure?.details ?? null,
    windows_done: backfill.windowsDone,
    windows_total: backfill.windowsTotal,
    oldest_reached: instant(unbrokenBackTo(backfill)),
    readings: backfill.readings,
    next_poll: instantOrNull(nextPollAt),
    last_error: failure?.error ?? null,
  };
}

function statusOf(connection: ConnectionDoc): z.infer<typeof HistoricalPull>['status'] {
  const { backfill, desired } = connection;
  if (backfill.endedAt !== null) return 'success';
  if (isLasting(connection)) return 'failure';
  if (desired === 'paused') return 'scheduled';
  if (pullFailureOf(connection) || backfill.skipped?.length) return 'retrying';
  return backfill.startedAt === null ? 'scheduled' : 'in_progress';
}
