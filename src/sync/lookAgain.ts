import type { Pull } from './beginPull';
import type { SyncDeps } from './deps';
import { SyncFailure } from './syncFailure';

/**
 * Writers are ordered as their fetches: what was fetched before a younger pull began may be older than what that one has written.
 * @throws SyncFailure `NotWanted`, `Superseded`
 */
export async function lookAgain({ pulls }: SyncDeps, { connection, pullSeq }: Pick<Pull, 'connection' | 'pullSeq'>): Promise<void> {
  const latest = await pulls.latest(connection);
  if (latest?.desired !== 'running') throw new SyncFailure('NotWanted', 'the connection was paused or has ended');
  if (latest.pullSeq > pullSeq) throw new SyncFailure('Superseded', 'a younger pull has begun');
}
