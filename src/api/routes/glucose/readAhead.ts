import { isDeepStrictEqual } from 'node:util';
import type { ConnectionDoc } from '../../../storage/connectionDoc';
import type { Connections } from '../../../storage/connections';

const MOST_USERS = 10_000;

/** What decides which days a page reads, and from whom. */
export type ReadableConnection = Pick<
  ConnectionDoc,
  '_id' | 'teamId' | 'provider' | 'newestReadingAt' | 'bounds' | 'consentedAt' | 'region' | 'clientId'
>;

/**
 * A user's connections, and what is read by them, in the time of one read: what they were when somebody last asked, they nearly always still
 * are. They are asked for anew every time, so nothing is ever answered by what is remembered alone.
 */
export class ReadAhead {
  private readonly lastSeen = new Map<string, readonly ReadableConnection[]>();

  constructor(private readonly connections: Connections) {}

  /** @param read is called at once with the connections last seen, and again with those there are if these are others. @returns what the latter gives */
  async ofUser<Result>(
    teamId: string,
    userId: string,
    read: (connections: readonly ReadableConnection[]) => Promise<Result>,
  ): Promise<{ readonly connections: readonly ReadableConnection[]; readonly result: Result }> {
    const key = `${teamId}:${userId}`;
    const guess = this.lastSeen.get(key);
    const [docs, ahead] = await Promise.all([this.connections.ofUser(teamId, userId), guess && read(guess)]);

    const connections = docs.map(readable);
    if (guess && ahead !== undefined && isDeepStrictEqual(connections, guess)) return { connections, result: ahead };
    this.remember(key, connections);
    return { connections, result: await read(connections) };
  }

  private remember(key: string, connections: readonly ReadableConnection[]): void {
    this.lastSeen.delete(key);
    if (connections.length === 0) return;
    if (this.lastSeen.size >= MOST_USERS) this.lastSeen.clear();
    this.lastSeen.set(key, connections);
  }
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
