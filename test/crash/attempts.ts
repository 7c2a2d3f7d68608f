import type { Client } from '@temporalio/client';
import { defaultFailureConverter, defaultPayloadConverter, TimeoutFailure } from '@temporalio/common';

/** An attempt of an activity, in a worker's hands. */
export interface Attempt {
  readonly workflowId: string;
  readonly runId: string;
  /** The event that asked for the activity; what follows names it. */
  readonly scheduledEventId: string;
  readonly taskQueue: string;
  /** The worker's, as Temporal names it: `<pid>@<host>`. */
  readonly identity: string;
}

/** `PENDING_ACTIVITY_STATE_STARTED` of Temporal's API. */
const STARTED = 2;
/** `TASK_QUEUE_TYPE_ACTIVITY` of Temporal's API. */
const ACTIVITY_QUEUE = 2;

/** @returns what a worker is doing for this workflow at the moment, local activities aside; null if nothing */
export async function attemptUnderWay(client: Client, workflowId: string): Promise<Attempt | null> {
  const { raw, runId } = await client.workflow.getHandle(workflowId).describe();
  const pending = raw.pendingActivities?.find(({ state }) => state === STARTED);
  if (!pending?.lastWorkerIdentity) return null;

  const scheduled = (await eventsOf(client, { workflowId, runId })).find(
    ({ activityTaskScheduledEventAttributes: asked }) => asked && asked.activityId === pending.activityId,
  );
  const taskQueue = scheduled?.activityTaskScheduledEventAttributes?.taskQueue?.name;
  if (!scheduled?.eventId || !taskQueue) return null;
  return { workflowId, runId, scheduledEventId: scheduled.eventId.toString(), taskQueue, identity: pending.lastWorkerIdentity };
}

/** @returns whether, the attempt given up for lost, a later one of another worker's has begun and ended */
export async function wasTakenOver(client: Client, lost: Attempt): Promise<boolean> {
  return (await eventsOf(client, lost)).some(
    ({ activityTaskStartedEventAttributes: started }) =>
      started?.scheduledEventId?.toString() === lost.scheduledEventId && started.identity !== lost.identity && followsATimeout(started),
  );
}

/** @returns whether this worker has asked the queue for work since then (Unix milliseconds), by the server's clock, which tells seconds */
export async function hasAskedSince(client: Client, { taskQueue, identity }: Attempt, since: number): Promise<boolean> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: 'default',
    taskQueue: { name: taskQueue },
    taskQueueType: ACTIVITY_QUEUE,
  });
  const poller = pollers?.find((known) => known.identity === identity);
  return Number(poller?.lastAccessTime?.seconds ?? 0) * 1_000 > since - 1_000;
}

type Started = NonNullable<Awaited<ReturnType<typeof eventsOf>>[number]['activityTaskStartedEventAttributes']>;

function followsATimeout({ attempt, lastFailure }: Started): boolean {
  if (!lastFailure || (attempt ?? 0) < 2) return false;
  const before = defaultFailureConverter.failureToError(lastFailure, defaultPayloadConverter);
  return before instanceof TimeoutFailure && (before.timeoutType === 'HEARTBEAT' || before.timeoutType === 'START_TO_CLOSE');
}

const eventsOf = async (client: Client, { workflowId, runId }: Pick<Attempt, 'workflowId' | 'runId'>) =>
  (await client.workflow.getHandle(workflowId, runId).fetchHistory()).events ?? [];
