import type { BulkServices } from '../bulk/bulkServices';
import type { ReconcilePolicy } from './policy';

/**
 * Starts a workflow for every bulk operation that is not ended and may have none: who asked for it died before, or somebody terminated it.
 * @returns how many were started
 */
export async function restartBulk({
  bulk: { operations, runs },
  policy,
}: {
  readonly bulk: Pick<BulkServices, 'operations' | 'runs'>;
  readonly policy: ReconcilePolicy;
}): Promise<number> {
  const left = await operations.unended(Date.now() - policy.overdueMs, policy.pageSize);
  let started = 0;
  for (const { _id: operationId, teamId } of left) if (await runs.ensureRunning({ operationId, teamId })) started++;
  return started;
}
