import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ReplayInput } from '../workflows/replayEvents';
import type { ReplayPolicy } from '../workflows/replayPolicy';
import { replayChanged } from './replayMessages';
import { replayWorkflowId, replayWorkflowType } from './replayNames';
import { teamIdKey } from './searchAttributes';
import { taskQueues } from './taskQueues';
import { orUnavailable } from './temporalUnavailable';

/** What everybody but the worker may ask of the workflows that replay events. @throws TemporalUnavailable */
export interface ReplayRuns {
  /** There is one for this replay, and it looks at it again. Idempotent; needs no running worker. */
  ensureRunning(replay: RunningReplay): Promise<void>;
  isRunning(operationId: string): Promise<boolean>;
}

export interface RunningReplay {
  readonly operationId: string;
  readonly teamId: string;
  readonly endpointId: string;
}

const CALL_TIMEOUT_MS = 3_000;

/** @param options.policy what a workflow started here goes by */
export function createReplayRuns(client: Client, options: { readonly queuePrefix: string; readonly policy: ReplayPolicy }): ReplayRuns {
  const queues = taskQueues(options.queuePrefix);
  const within = <T>(call: () => Promise<T>): Promise<T> => orUnavailable(() => client.withDeadline(Date.now() + CALL_TIMEOUT_MS, call));

  return {
    async ensureRunning(replay) {
      const input: ReplayInput = { ...replay, policy: options.policy, activityQueue: queues.webhooks, full: 0 };
      await within(() =>
        client.workflow.signalWithStart(replayWorkflowType, {
          workflowId: replayWorkflowId(replay.operationId),
          taskQueue: queues.sync,
          args: [input],
          signal: replayChanged,
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: `Replay of events for endpoint ${replay.endpointId}`,
          staticDetails: details(replay),
          typedSearchAttributes: [{ key: teamIdKey, value: replay.teamId }],
        }),
      );
    },

    async isRunning(operationId) {
      try {
        const { status } = await within(() => client.workflow.getHandle(replayWorkflowId(operationId)).describe());
        return status.name === 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
}

const details = ({ endpointId, teamId }: RunningReplay): string =>
  `Sends webhook endpoint ${endpointId} of team ${teamId} past events again, no faster than it takes them. The posts are made by \`webhook-endpoint:${endpointId}\`.

**Cancel** ends the replay for good; what it has not posted by then is taken back. **Terminate** is repaired within minutes, **Reset** is safe.`;
