import type { Replays } from '../storage/replays';
import type { ReplayRuns } from '../temporal/replayRuns';
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
  const left = await replays.unended(Date.now() - policy.overdueMs, policy.pageSize);
  let started = 0;
  for (const { _id: operationId, teamId, endpointId } of left) {
    if (await replayRuns.isRunning(operationId)) continue;
    await replayRuns.ensureRunning({ operationId, teamId, endpointId });
    started++;
  }
  return started;
}
