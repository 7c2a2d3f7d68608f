import { pagesByInstant } from '../storage/pagesByInstant';
import type { ReplayDoc, Replays } from '../storage/replays';
import type { ReplayRuns } from '../temporal/replayRuns';
import { forEachPaged } from './forEachPaged';
import type { ReconcilePolicy } from './policy';

/**
 * Starts a workflow for every replay that is not over and has none: who asked for it died before, or somebody terminated it.
 * @returns how many were started
 */
export async function restartReplays({
  replays,
  replayRuns,
  policy,
}: {
  readonly replays: Replays;
  readonly replayRuns: ReplayRuns;
  readonly policy: ReconcilePolicy;
}): Promise<number> {
  const before = Date.now() - policy.overdueMs;
  // All of them: any number may be held up by endpoints that take nothing.
  const pages = pagesByInstant<ReplayDoc>(
    policy.pageSize,
    ({ startedAt }) => startedAt,
    (size, since) => replays.unended({ since, before }, size),
  );
  return forEachPaged(pages, async ({ _id: operationId, teamId, endpointId }) => {
    if (await replayRuns.isRunning(operationId)) return false;
    await replayRuns.ensureRunning({ operationId, teamId, endpointId });
    return true;
  });
}
