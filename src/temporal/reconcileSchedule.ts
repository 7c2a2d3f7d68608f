import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { taskQueues } from './taskQueues';
import { reconcileScheduleId, reconcileWorkflowType } from './workflowNames';

/**
 * The schedule of `reconcile`, one per queue prefix: created by whichever worker starts first, brought up to date by the others. Pausing it in
 * the Temporal UI lasts.
 */
export async function ensureReconcileSchedule(
  client: Client,
  { queuePrefix, everyMs }: { readonly queuePrefix: string; readonly everyMs: number },
): Promise<void> {
  const scheduleId = reconcileScheduleId(queuePrefix);
  const spec = { intervals: [{ every: everyMs }] };
  const action = {
    type: 'startWorkflow' as const,
    workflowType: reconcileWorkflowType,
    workflowId: scheduleId,
    taskQueue: taskQueues(queuePrefix).sync,
    // A round that never ends (its worker is gone) must not stand in the way of all others.
    workflowExecutionTimeout: '30 minutes',
    staticSummary: 'Repair: start what should run, publish and dispatch what was left',
  };
  // After an outage one round does what all the missed ones would have done.
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: everyMs };
  try {
    await client.schedule.create({ scheduleId, spec, action, policies });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update(({ state }) => ({ spec, action, policies, state }));
  }
}
