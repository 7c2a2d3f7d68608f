import { createRoute, type z } from '@hono/zod-openapi';
import type { ConnectionDoc } from '../../../storage/connections';
import type { Api } from '../../app';
import { lastErrorOf, nextPollOf } from '../../connectionFields';
import { connectionsByUser } from '../../connectionsByUser';
import { json } from '../../contract';
import { readErrors } from '../../errors';
import { instant, instantOrNull } from '../../instant';
import { withTeamKey } from '../../security/teamKey';
import { activeConnection } from './activeConnection';
import { IntrospectQuery, introspectedUsers } from './position';
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
    const { users, next } = await introspectedUsers(services, key.teamId, query);
    const connected = await connectionsByUser(services.connections, key.teamId, users);

    const data = users.map((user) => {
      const connection = activeConnection(connected(user), query.provider);
      return { user_id: user._id, provider: connection ? { [connection.provider]: { glucose: statisticsOf(connection) } } : {} };
    });
    return c.json({ data, next, next_cursor: next }, 200);
  });

function statisticsOf(connection: ConnectionDoc): z.infer<typeof ResourceStatistics> {
  const { readings, backfill, newestReadingAt } = connection;
  return {
    last_attempt: lastAttempt(connection),
    oldest_data: readings === 0 ? null : instant(backfill.doneBackTo),
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
