import type { ConnectionDoc } from '../../../storage/connectionDoc';
import { tooMany } from '../../errors';
import type { Services } from '../../services';

/** A poll takes about as long, and each one answers all that waited when it began. */
const CROWDED_MS = 5_000;

/**
 * Fetches now and waits, at most `timeoutMs`. A connection whose workflow was lost is under way too: `reconcile` starts it within minutes, and it
 * polls at once.
 * @throws ApiError 429 if more wait already than Temporal lets. @throws TemporalUnavailable
 */
export async function refreshConnection(
  { workflows, connections, grants }: Pick<Services, 'workflows' | 'connections' | 'grants'>,
  { _id: connectionId, teamId }: ConnectionDoc,
  timeoutMs: number,
): Promise<'refreshed' | 'in_progress' | 'failed'> {
  const answer = await workflows.refresh(connectionId, timeoutMs);
  if (answer === 'crowded') throw tooMany('Too many refreshes of this user are under way', CROWDED_MS);
  if (answer !== 'done') {
    const grant = await grants.read(teamId, connectionId);
    return grant?.needsReauth ? 'failed' : 'in_progress';
  }
  // The workflow says when it has tried; the connection says how that went.
  const after = await connections.byId(teamId, connectionId);
  return after && after.failures === 0 ? 'refreshed' : 'failed';
}
