import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ErasureInput } from '../workflows/eraseUser';
import type { ErasurePolicy } from '../workflows/erasurePolicy';
import { deletionChanged } from './erasureMessages';
import { erasureWorkflowId, erasureWorkflowType } from './erasureNames';
import { teamIdKey, userIdKey } from './searchAttributes';
import { taskQueues } from './taskQueues';
import { orUnavailable } from './temporalUnavailable';

/** What everybody but the worker may ask of the workflows that erase deleted users. @throws TemporalUnavailable */
export interface UserErasures {
  /** There is a workflow for this deleted user, and it looks at them again. Idempotent; needs no running worker. */
  ensureRunning(user: DeletedUser): Promise<void>;
  /** Says that the user is back; there may be no workflow. */
  tellUndone(userId: string): Promise<void>;
  isRunning(userId: string): Promise<boolean>;
}

export interface DeletedUser {
  readonly userId: string;
  readonly teamId: string;
}

const CALL_TIMEOUT_MS = 5_000;

/** @param options.policy what a workflow started here goes by */
export function createUserErasures(
  client: Client,
  options: { readonly queuePrefix: string; readonly policy: ErasurePolicy },
): UserErasures {
  const within = <T>(call: () => Promise<T>): Promise<T> => orUnavailable(() => client.withDeadline(Date.now() + CALL_TIMEOUT_MS, call));
  const handleOf = (userId: string) => client.workflow.getHandle(erasureWorkflowId(userId));

  return {
    async ensureRunning({ userId, teamId }) {
      const input: ErasureInput = { userId, teamId, policy: options.policy };
      await within(() =>
        client.workflow.signalWithStart(erasureWorkflowType, {
          workflowId: erasureWorkflowId(userId),
          taskQueue: taskQueues(options.queuePrefix).sync,
          args: [input],
          signal: deletionChanged,
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: `Erase deleted user ${userId}`,
          staticDetails: details({ userId, teamId }),
          typedSearchAttributes: [
            { key: teamIdKey, value: teamId },
            { key: userIdKey, value: userId },
          ],
        }),
      );
    },

    async tellUndone(userId) {
      try {
        await within(() => handleOf(userId).signal(deletionChanged));
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },

    async isRunning(userId) {
      try {
        const { status } = await within(() => handleOf(userId).describe());
        return status.name === 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
}

const details = ({ userId, teamId }: DeletedUser): string =>
  `User ${userId} of team ${teamId} is deleted. Once the grace is over everything known of them is erased; until then \`undo_delete\` brings them back.

**Terminate** is repaired once the grace is over; **Reset** is safe at any point.`;
