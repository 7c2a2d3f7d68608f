import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Trouble } from '../activities/backlogActivities';
import { afterDrain } from '../workflows/backlogOutcome';
import type { BacklogPolicy } from '../workflows/backlogPolicy';
import { type BacklogInput, type BacklogState, untried } from '../workflows/backlogState';
import { pending, tryNow } from './backlogMessages';
import { backlogWorkflowId, backlogWorkflowType } from './backlogNames';
import { sharedCalls } from './sharedCalls';
import { taskQueues } from './taskQueues';
import { orUnavailable } from './temporalUnavailable';

/** What everybody but the worker may ask of the endpoints' workflows. @throws TemporalUnavailable */
export interface Backlogs {
  /**
   * Something waits for the endpoint: its workflow looks again, and is started if there is none. Many callers at once share a signal.
   * @param failure the attempt that has just failed: a workflow started by this call leaves the endpoint alone for a while. Null: it tries at once
   */
  wake(endpoint: BacklogEndpoint, failure: FailedAttempt | null): Promise<void>;
  /** The same without waiting for the next probe. */
  tryNow(endpoint: BacklogEndpoint): Promise<void>;
  isRunning(endpointId: string): Promise<boolean>;
}

export interface FailedAttempt {
  /** A code or a status, never a body. */
  readonly error: string;
  readonly retryAfterMs: number | null;
  readonly trouble: Trouble;
}

export interface BacklogEndpoint {
  readonly endpointId: string;
  readonly teamId: string;
}

const CALL_TIMEOUT_MS = 3_000;
/** A whole fleet's messages may queue behind one endpoint: one signal tells of all that became pending before it. */
const SIGNAL_GAP_MS = 200;

/** @param options.policy what a workflow started here goes by */
export function createBacklogs(client: Client, options: { readonly queuePrefix: string; readonly policy: BacklogPolicy }): Backlogs {
  const queues = taskQueues(options.queuePrefix);
  const within = <T>(call: () => Promise<T>): Promise<T> => orUnavailable(() => client.withDeadline(Date.now() + CALL_TIMEOUT_MS, call));

  async function signalWithStart(
    signal: typeof pending | typeof tryNow,
    { endpointId, teamId }: BacklogEndpoint,
    state: BacklogState,
  ): Promise<void> {
    const input: BacklogInput = { endpointId, teamId, policy: options.policy, activityQueue: queues.webhooks, state };
    await within(() =>
      client.workflow.signalWithStart(backlogWorkflowType, {
        workflowId: backlogWorkflowId(endpointId),
        taskQueue: queues.sync,
        args: [input],
        signal,
        staticSummary: `Webhooks waiting for endpoint ${endpointId}`,
        staticDetails: details({ endpointId, teamId }),
      }),
    );
  }

  const afterFailure = (attempt: FailedAttempt): BacklogState => {
    const moment = { now: Date.now(), random: Math.random(), policy: options.policy };
    return afterDrain(untried, { kind: 'failed', accepted: 0, ...attempt }, moment);
  };
  const wake = sharedCalls((endpoint: BacklogEndpoint, state: BacklogState) => signalWithStart(pending, endpoint, state), {
    keyOf: ({ endpointId }) => endpointId,
    gapMs: SIGNAL_GAP_MS,
  });

  return {
    wake: (endpoint, failure) => wake(endpoint, failure ? afterFailure(failure) : untried),
    tryNow: (endpoint) => signalWithStart(tryNow, endpoint, untried),

    async isRunning(endpointId) {
      try {
        const { status } = await within(() => client.workflow.getHandle(backlogWorkflowId(endpointId)).describe());
        return status.name === 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
}

const details = ({ endpointId, teamId }: BacklogEndpoint): string =>
  `Delivers the events that webhook endpoint ${endpointId} of team ${teamId} has not taken yet: probes until it answers, then oldest first.

Signal \`tryNow\` probes at once. **Cancel** and **Terminate** are repaired within minutes while something waits; to stop for good, disable the endpoint.`;
