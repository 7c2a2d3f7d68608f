import type { z } from '@hono/zod-openapi';
import type { ConnectionDoc } from '../../../storage/connectionDoc';
import { connectionsByUser } from '../../connectionsByUser';
import type { Services } from '../../services';
import { activeConnection } from './activeConnection';
import { type IntrospectQuery, introspectedUsers } from './position';

/** What one page answers: of each user what `tell` says of their connection, nothing of one who has none. @throws ApiError 404, 422 */
export async function introspectedPage<Told extends object>(
  services: Pick<Services, 'users' | 'userCursors' | 'connections'>,
  teamId: string,
  query: z.infer<typeof IntrospectQuery>,
  tell: (connection: ConnectionDoc) => Promise<Told>,
) {
  const { users, next } = await introspectedUsers(services, teamId, query);
  const connected = await connectionsByUser(services.connections, teamId, users);
  const data = users.map(async (user) => {
    const connection = activeConnection(connected(user), query.provider);
    return { user_id: user._id, provider: connection ? await tell(connection) : {} };
  });
  return { data: await Promise.all(data), next, next_cursor: next };
}
