import { createRoute, type z } from '@hono/zod-openapi';
import type { ConnectionDoc } from '../../../storage/connectionDoc';
import type { StoredReading } from '../../../storage/glucoseDays';
import type { Api } from '../../app';
import { lastErrorOf, nextPollOf } from '../../connectionFields';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { instant, instantOrNull } from '../../instant';
import { withTeamKey } from '../../security/teamKey';
import { agesOf } from './ages';
import { introspectedPage } from './introspectedPage';
import { IntrospectQuery } from './position';
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
    const page = await introspectedPage(services, key.teamId, query, async (connection) => {
      const [oldest, quarantined] = await Promise.all([
        services.glucoseDays.oldestOf(connection),
        services.quarantine.count(key.teamId, connection._id),
      ]);
      const freshness = one && { freshness: await agesOf(services, connection) };
      return { [connection.provider]: { glucose: { ...statisticsOf(connection, oldest), quarantined, ...freshness } } };
    });
    return c.json(page, 200);
  });

function statisticsOf(connection: ConnectionDoc, oldest: StoredReading | null): Omit<z.infer<typeof ResourceStatistics>, 'quarantined'> {
  const { readings, newestReadingAt } = connection;
  return {
    last_attempt: lastAttempt(connection),
    oldest_data: instantOrNull(oldest?.at ?? null),
    newest_data: instantOrNull(newestReadingAt),
    sent_count: readings,
    next_poll: nextPollOf(connection),
    last_error: lastErrorOf(connection),
  };
}

function lastAttempt({ lastError, lastSuccessAt }: ConnectionDoc): z.infer<typeof ResourceStatistics>['last_attempt'] {
  if (lastError) return { timestamp: instant(lastError.at), status: 'failure' };
  return lastSuccessAt === null ? null : { timestamp: instant(lastSuccessAt), status: 'success' };
}
