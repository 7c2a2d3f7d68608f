import type { ConnectionDoc } from '../storage/connectionDoc';
import { pagesByInstant } from '../storage/pagesByInstant';
import type { ReconcileDeps } from './deps';
import { forEachPaged } from './forEachPaged';

/**
 * Starts a workflow for every connection whose next poll is overdue and that has none: terminated, or never started because somebody died
 * between the connection and its workflow. @returns how many were started
 */
export async function restartOverdue(deps: Pick<ReconcileDeps, 'connections' | 'workflows' | 'policy'>): Promise<number> {
  const { connections, workflows, policy } = deps;
  const before = Date.now() - policy.overdueMs;
  const startMissing = async ({ _id: connectionId, teamId, userId }: ConnectionDoc): Promise<boolean> => {
    if (await workflows.isRunning(connectionId)) return false;
    await workflows.ensureRunning({ connectionId, teamId, userId });
    return true;
  };

  // Longest overdue first.
  const pages = pagesByInstant<ConnectionDoc>(
    policy.pageSize,
    ({ nextPollAt }) => nextPollAt,
    (size, since) => connections.overdue(before, size, since),
  );
  return forEachPaged(pages, startMissing);
}
