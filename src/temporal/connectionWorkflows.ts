import { type Client, WorkflowNotFoundError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import type { SyncPolicy } from '../freshness/policy';
import type { SyncInput } from '../workflows/syncState';
import { disconnect, pause, reconnect, refresh, resume } from './connectionMessages';
import { isPhase, providerKey, type SyncPhase, syncPhaseKey, teamIdKey, userIdKey } from './searchAttributes';
import { taskQueues } from './taskQueues';
import { grpcCode, isExhausted, orUnavailable } from './temporalUnavailable';
import { connectionWorkflowId, connectionWorkflowType } from './workflowNames';

/** What everybody but the worker may ask of the connections' workflows. @throws TemporalUnavailable */
export interface ConnectionWorkflows {
  /**
   * There is a workflow for this connection, and it looks at the connection again. Idempotent; needs no running worker.
   * Only connecting and `reconcile` call this: nothing else starts a workflow (design §2).
   */
  ensureRunning(connection: ConnectionIdentity): Promise<void>;
  /** Fetches now and waits for it, at most `timeoutMs`. `absent`: no workflow runs; `crowded`: as many wait as Temporal lets. */
  refresh(connectionId: string, timeoutMs: number): Promise<'done' | 'pending' | 'absent' | 'crowded'>;
  /** Says that the desired state has been written. */
  tell(connectionId: string, wish: 'pause' | 'resume' | 'disconnect'): Promise<'told' | 'absent'>;
  /** Says that something else about the connection has changed. */
  lookAgain(connectionId: string): Promise<'told' | 'absent'>;
  isRunning(connectionId: string): Promise<boolean>;
  /** What its workflow takes it to be in; null: none runs. */
  phaseOf(connectionId: string): Promise<SyncPhase | null>;
}

export interface ConnectionIdentity {
  readonly connectionId: string;
  readonly teamId: string;
  readonly userId: string;
}

/** Temporal answers within milliseconds; whoever asks has somebody waiting. */
const CALL_TIMEOUT_MS = 3_000;
const WISHES = { pause, resume, disconnect } as const;

/** @param options.policy what a workflow started here goes by */
export function createConnectionWorkflows(
  client: Client,
  options: { readonly queuePrefix: string; readonly policy: SyncPolicy },
): ConnectionWorkflows {
  const within = <T>(timeoutMs: number, call: () => Promise<T>): Promise<T> =>
    orUnavailable(() => client.withDeadline(Date.now() + timeoutMs, call));
  const queues = taskQueues(options.queuePrefix);
  const handleOf = (connectionId: string) => client.workflow.getHandle(connectionWorkflowId(connectionId));

  async function phaseOf(connectionId: string): Promise<SyncPhase | null> {
    try {
      const { status, typedSearchAttributes } = await within(CALL_TIMEOUT_MS, () => handleOf(connectionId).describe());
      const phase = typedSearchAttributes.get(syncPhaseKey) ?? 'starting';
      return status.name === 'RUNNING' && isPhase(phase) ? phase : null;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  const isRunning = async (connectionId: string): Promise<boolean> => (await phaseOf(connectionId)) !== null;

  async function signal(send: () => Promise<void>): Promise<'told' | 'absent'> {
    try {
      await within(CALL_TIMEOUT_MS, send);
      return 'told';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'absent';
      throw error;
    }
  }

  return {
    async ensureRunning(connection) {
      const { connectionId, teamId, userId } = connection;
      const input: SyncInput = { connectionId, policy: options.policy, backfillQueue: queues.backfill };
      await within(CALL_TIMEOUT_MS, () =>
        client.workflow.signalWithStart(connectionWorkflowType, {
          workflowId: connectionWorkflowId(connectionId),
          taskQueue: queues.sync,
          args: [input],
          signal: reconnect,
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: `Dexcom sync of user ${userId}`,
          staticDetails: details(connection),
          typedSearchAttributes: [
            { key: syncPhaseKey, value: 'starting' },
            { key: teamIdKey, value: teamId },
            { key: userIdKey, value: userId },
            { key: providerKey, value: 'dexcom_v3' },
          ],
        }),
      );
    },

    async refresh(connectionId, timeoutMs) {
      try {
        return await within(timeoutMs, () => handleOf(connectionId).executeUpdate(refresh));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'absent';
        if (isExhausted(grpcCode(error))) return 'crowded';
        // No answer in time: its worker is busy or away, or Temporal is.
        if (isTimeout(error)) return (await isRunning(connectionId)) ? 'pending' : 'absent';
        throw error;
      }
    },

    tell: (connectionId, wish) => signal(() => handleOf(connectionId).signal(WISHES[wish], { recorded: true })),

    lookAgain: (connectionId) => signal(() => handleOf(connectionId).signal(reconnect)),

    isRunning,

    phaseOf,
  };
}

/** Asked of a workflow whose worker is away or busy: the update's own deadline, told by the client in its own class. */
const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isTimeout(error.cause));

const details = ({ connectionId, teamId, userId }: ConnectionIdentity): string =>
  `Keeps one Dexcom account up to date: history, new readings, token refreshes.

- connection ${connectionId}
- user ${userId}
- team ${teamId}

Updates: \`refresh\` polls now. Signals: \`pause\`, \`resume\`, \`disconnect\`. **Cancel** means pause; **Terminate** is repaired within minutes; **Reset** is safe at any point.`;
