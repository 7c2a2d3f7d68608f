import { createRoute, type z } from '@hono/zod-openapi';
import { unbrokenBackTo } from '../../../freshness/backfillWindows';
import { RELEASE } from '../../../release';
import type { ConnectionDoc } from '../../../storage/connections';
import type { GlucoseDays } from '../../../storage/glucoseDays';
import { type LastErrorType, lastErrorType } from '../../../sync/lastErrorType';
import type { Api } from '../../app';
import { lastErrorOf, nextPollOf } from '../../connectionFields';
import { connectionsByUser } from '../../connectionsByUser';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { instant, instantOrNull } from '../../instant';
import { withTeamKey } from '../../security/teamKey';
import { activeConnection } from './activeConnection';
import { IntrospectQuery, introspectedUsers } from './position';
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
    const { users, next } = await introspectedUsers(services, key.teamId, query);
    const connected = await connectionsByUser(services.connections, key.teamId, users);

    const one = query.user_id !== undefined;
    const data = users.map(async (user) => {
      const connection = activeConnection(connected(user), query.provider);
      return { user_id: user._id, provider: connection ? await pullsOf(connection, one ? services.glucoseDays : null) : {} };
    });
    return c.json({ data: await Promise.all(data), next, next_cursor: next }, 200);
  });

/** @param glucoseDays to count the days with data in, which is too much work for a whole page of users */
async function pullsOf(
  connection: ConnectionDoc,
  glucoseDays: GlucoseDays | null,
): Promise<z.infer<typeof HistoricalPulls>['data'][number]['provider']> {
  const days = glucoseDays && { days_with_data: await glucoseDays.countDays(connection) };
  return { [connection.provider]: { pulled: { glucose: { ...historicalPull(connection), ...days } }, not_pulled: [] } };
}

function historicalPull(connection: ConnectionDoc): z.infer<typeof HistoricalPull> {
  const { backfill, createdAt } = connection;
  return {
    status: statusOf(connection),
    range_start: instantOrNull(backfill.floor),
    range_end: instant(backfill.ceiling),
    timeline: {
      scheduled_at: instant(createdAt),
      started_at: instantOrNull(backfill.startedAt),
      ended_at: instantOrNull(backfill.endedAt),
    },
    release: RELEASE,
    trace_id: null,
    error_details: errorDetails(connection),
    windows_done: backfill.windowsDone,
    windows_total: backfill.windowsTotal,
    oldest_reached: instant(unbrokenBackTo(backfill)),
    readings: backfill.readings,
    next_poll: nextPollOf(connection),
    last_error: lastErrorOf(connection),
  };
}

/** Vital's words (vital-api.md §7.3) for a pull's failures. */
const ERROR_DETAILS: Readonly<Record<LastErrorType, string>> = {
  TokenExpired: 'provider_unavailable',
  Superseded: 'resource_contention',
  RateLimited: 'provider_rate_limit_exceeded',
  DexcomUnavailable: 'provider_unavailable',
  ClientRejected: 'non_retriable_error',
  revoked: 'non_retriable_error',
  rotation_lost: 'non_retriable_error',
  account_changed: 'non_retriable_error',
  DatabaseAway: 'resource_contention',
  Timeout: 'transport_failure',
  Unexpected: 'unexpected_error',
};

function errorDetails({ backfill, lastError, historyError }: ConnectionDoc): string | null {
  const error = historyError ?? lastError;
  if (backfill.endedAt !== null || !error) return null;
  return ERROR_DETAILS[lastErrorType(error.type) ?? 'Unexpected'];
}

function statusOf({ backfill, lastError, historyError }: ConnectionDoc): z.infer<typeof HistoricalPull>['status'] {
  if (backfill.endedAt !== null) return 'success';
  if (lastError || historyError || backfill.skipped?.length) return 'retrying';
  return backfill.startedAt === null ? 'scheduled' : 'in_progress';
}
