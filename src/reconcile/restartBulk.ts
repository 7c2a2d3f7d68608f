import type { BulkServices } from '../bulk/bulkServices';
import type { ReconcilePolicy } from './policy';

/**
 * Starts a workflow for every bulk operation that is not ended and may have none: who asked for it died before, or somebody terminated it.
 * @returns how many were looked after
 */
export async function restartBulk({
  bulk: { operations, runs },
  policy,
}: {
  readonly bulk: Pick<BulkServices, 'operations' | 'runs'>;
  readonly policy: ReconcilePolicy;
}): Promise<number> {
  const left = await operations.unended(Date.now() - policy.overdueMs, policy.pageSize);
  for (const { _id: operationId, teamId } of left) await runs.ensureRunning({ operationId, teamId });
  return left.length;
}
