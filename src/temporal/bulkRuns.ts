import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { bulkWorkflowId, bulkWorkflowType } from './bulkNames';
import { teamIdKey } from './searchAttributes';
import { taskQueues } from './taskQueues';
import { orUnavailable } from './temporalUnavailable';

/** The workflows that work through bulk operations. @throws TemporalUnavailable */
export interface BulkRuns {
  /** There is one for this operation from now on. Repeatable. @returns whether there was none */
  ensureRunning(operation: { readonly operationId: string; readonly teamId: string }): Promise<boolean>;
}

const CALL_TIMEOUT_MS = 3_000;

export const createBulkRuns = (client: Client, { queuePrefix }: { readonly queuePrefix: string }): BulkRuns => ({
  async ensureRunning({ operationId, teamId }) {
    try {
      await orUnavailable(() =>
        client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
          client.workflow.start(bulkWorkflowType, {
            workflowId: bulkWorkflowId(operationId),
            taskQueue: taskQueues(queuePrefix).sync,
            args: [{ operationId, waits: 0 }],
            staticSummary: `Bulk operation of team ${teamId}`,
            typedSearchAttributes: [{ key: teamIdKey, value: teamId }],
          }),
        ),
      );
      return true;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      return false;
    }
  },
});
