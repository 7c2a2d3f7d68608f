import type { ConnectionDoc } from '../storage/connectionDoc';
import type { Connections } from '../storage/connections';
import type { UserDoc } from '../storage/users';

/** Every connection of these users of one team, in one read. */
export async function connectionsByUser(
  connections: Connections,
  teamId: string,
  users: readonly Pick<UserDoc, '_id'>[],
): Promise<(user: Pick<UserDoc, '_id'>) => readonly ConnectionDoc[]> {
  const byUser = new Map<string, ConnectionDoc[]>(users.map(({ _id }) => [_id, []]));
  for (const connection of await connections.ofUsers(teamId, [...byUser.keys()])) byUser.get(connection.userId)?.push(connection);
  return ({ _id }) => byUser.get(_id) ?? [];
}
