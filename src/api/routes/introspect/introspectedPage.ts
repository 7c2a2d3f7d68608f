import type { z } from '@hono/zod-openapi';
import { nextPoll } from '../../../life/nextPoll';
import type { ConnectionDoc } from '../../../storage/connectionDoc';
import { connectionsByUser } from '../../connectionsByUser';
import type { Services } from '../../services';
import { activeConnection } from './activeConnection';
import { type IntrospectQuery, introspectedUsers } from './position';

/**
 * What one page answers: of each user what `tell` says of their connection and when it is polled next, nothing of one who has none.
 * @throws ApiError 404, 422
 */
export async function introspectedPage<Told extends object>(
  services: Pick<Services, 'users' | 'userCursors' | 'connections' | 'grants'>,
  teamId: string,
  query: z.infer<typeof IntrospectQuery>,
  tell: (connection: ConnectionDoc, nextPollAt: number | null) => Promise<Told>,
) {
  const { users, next } = await introspectedUsers(services, teamId, query);
  const connected = await connectionsByUser(services.connections, teamId, users);
  const active = users.map((user) => activeConnection(connected(user), query.provider));
  const ids = active.flatMap((connection) => connection?._id ?? []);
  const uses = await services.grants.usesOf(teamId, ids);
  const data = users.map(async (user, n) => {
    const connection = active[n];
    if (!connection) return { user_id: user._id, provider: {} };
    const nextPollAt = nextPoll(connection, uses.get(connection._id) ?? null, Date.now());
    return { user_id: user._id, provider: await tell(connection, nextPollAt) };
  });
  return { data: await Promise.all(data), next, next_cursor: next };
}
