import { createRoute, type z } from '@hono/zod-openapi';
import type { ConnectionDoc } from '../../../storage/connectionDoc';
import type { StoredReading } from '../../../storage/glucoseDays';
import type { Api } from '../../app';
import { lastErrorOf } from '../../connectionFields';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { instantOrNull } from '../../instant';
import { withTeamKey } from '../../security/teamKey';
import { agesOf } from './ages';
import { introspectedPage } from './introspectedPage';
import { lastAttempt } from './lastAttempt';
import { IntrospectQuery } from './position';
import { recordStatisticsOf } from './recordStatistics';
import { type ResourceStatistics, Resources } from './schemas';

const route = createRoute({
  method: 'get',
  path: '/v2/introspect/resources',
  operationId: 'introspectResources',
  tags: ['Introspection'],
  summary: 'What has been read of each user, and how the last try went',
  ...withTeamKey('users:read'),
  request: { query: IntrospectQuery },
  responses: { 200: json(Resources, 'One page of users, newest first'), ...readErrors },
});

/** vital-api.md §7.3 */
export const registerIntrospectResources = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services, key } = c.var;
    const query = c.req.valid('query');
    const one = query.user_id !== undefined;
    const page = await introspectedPage(services, key.teamId, query, async (connection, nextPollAt) => {
      const [oldest, quarantined] = await Promise.all([
        services.glucoseDays.oldestOf(connection),
        services.quarantine.count(key.teamId, connection._id),
      ]);
      const freshness = one && { freshness: await agesOf(services, connection) };
      const glucose = { ...statisticsOf(connection, oldest, nextPollAt), quarantined, ...freshness };
      const events = recordStatisticsOf(connection, nextPollAt);
      const siblings = { insulin_injection: events, carbohydrates: events, note: events, workout_duration: events };
      return { [connection.provider]: { glucose, ...siblings } };
    });
    return c.json(page, 200);
  });

function statisticsOf(
  connection: ConnectionDoc,
  oldest: StoredReading | null,
  nextPollAt: number | null,
): Omit<z.infer<typeof ResourceStatistics>, 'quarantined'> {
  const { lastError, lastSuccessAt, readings, newestReadingAt } = connection;
  return {
    last_attempt: lastAttempt(lastError?.at ?? null, lastSuccessAt),
    oldest_data: instantOrNull(oldest?.at ?? null),
    newest_data: instantOrNull(newestReadingAt),
    sent_count: readings,
    next_poll: instantOrNull(nextPollAt),
    last_error: lastErrorOf(connection),
  };
}
