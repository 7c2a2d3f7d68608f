import type { ConnectionDoc } from '../../../storage/connections';
import type { Services } from '../../services';

/**
 * Fetches now and waits, at most `timeoutMs`. A connection that should be running and has no workflow gets one, which fetches at once.
 * @throws TemporalUnavailable
 */
export async function refreshConnection(
  { workflows, connections, grants }: Pick<Services, 'workflows' | 'connections' | 'grants'>,
  { _id: connectionId, teamId, userId }: ConnectionDoc,
  timeoutMs: number,
): Promise<'refreshed' | 'in_progress' | 'failed'> {
  const answer = await workflows.refresh(connectionId, timeoutMs);
  if (answer === 'absent') await workflows.ensureRunning({ connectionId, teamId, userId });
  if (answer !== 'done') {
    const grant = await grants.read(teamId, connectionId);
    return grant?.needsReauth ? 'failed' : 'in_progress';
  }
  // The workflow says when it has tried; the connection says how that went.
  const after = await connections.byId(teamId, connectionId);
  return after && after.failures === 0 ? 'refreshed' : 'failed';
}
