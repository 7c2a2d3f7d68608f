import { isDeepStrictEqual } from 'node:util';
import type { ConnectionDoc } from '../../../storage/connectionDoc';
import type { Connections } from '../../../storage/connections';
import { readsTogether } from '../../../storage/readsTogether';
import type { UserDoc, Users } from '../../../storage/users';

const MOST_USERS = 10_000;

/** What decides which days a page reads, and from whom. */
export type ReadableConnection = Pick<
  ConnectionDoc,
  '_id' | 'teamId' | 'provider' | 'newestReadingAt' | 'bounds' | 'consentedAt' | 'region' | 'clientId'
>;

/**
 * A user, their connections, and what is read by them, in the time of one read: what the connections were when somebody last asked, they nearly
 * always still are. User and connections are asked for anew every time, with those of others who ask meanwhile, so nothing is ever answered by
 * what is remembered alone.
 */
export class ReadAhead {
  private readonly lastSeen = new Map<string, readonly ReadableConnection[]>();
  private readonly userOf: (teamId: string, userId: string) => Promise<UserDoc | null>;
  private readonly connectionsOf: (teamId: string, userId: string) => Promise<readonly ConnectionDoc[] | null>;

  constructor(users: Users, connections: Connections) {
    this.userOf = readsTogether(async (teamId, ids) => new Map((await users.byIds(teamId, ids)).map((user) => [user._id, user])));
    this.connectionsOf = readsTogether(async (teamId, ids) => byUser(await connections.ofUsers(teamId, ids)));
  }

  /**
   * @param read is called at once with the connections last seen, and again with those there are if these are others
   * @returns what the latter gives; null if there is no such user
   */
  async ofUser<Result>(
    teamId: string,
    userId: string,
    read: (connections: readonly ReadableConnection[]) => Promise<Result>,
  ): Promise<Result | null> {
    const key = `${teamId}:${userId}`;
    const guess = this.lastSeen.get(key);
    const [user, docs, ahead] = await Promise.all([this.userOf(teamId, userId), this.connectionsOf(teamId, userId), guess && read(guess)]);
    if (!user) return null;

    const connections = (docs ?? []).map(readable);
    if (guess && ahead !== undefined && isDeepStrictEqual(connections, guess)) return ahead;
    this.remember(key, connections);
    return read(connections);
  }

  private remember(key: string, connections: readonly ReadableConnection[]): void {
    this.lastSeen.delete(key);
    if (connections.length === 0) return;
    if (this.lastSeen.size >= MOST_USERS) this.lastSeen.clear();
    this.lastSeen.set(key, connections);
  }
}

/** Each user's oldest first. */
function byUser(connections: readonly ConnectionDoc[]): ReadonlyMap<string, readonly ConnectionDoc[]> {
  const users = new Map<string, ConnectionDoc[]>();
  for (const connection of connections.toSorted((a, b) => a.createdAt - b.createdAt)) {
    const others = users.get(connection.userId);
    if (others) others.push(connection);
    else users.set(connection.userId, [connection]);
  }
  return users;
}

const readable = ({
  _id,
  teamId,
  provider,
  newestReadingAt,
  bounds,
  consentedAt,
  region,
  clientId,
}: ConnectionDoc): ReadableConnection => ({
  _id,
  teamId,
  provider,
  newestReadingAt,
  consentedAt,
  ...(bounds && { bounds }),
  ...(region && { region }),
  ...(clientId !== undefined && { clientId }),
});
