/** Names that outlive a deploy: running workflows and schedules are found by them. */
export const connectionWorkflowType = 'syncConnection';
export const connectionWorkflowId = (connectionId: string): string => `dexcom-sync:${connectionId}`;

export const reconcileWorkflowType = 'reconcile';
/** @param queuePrefix stacks that share a namespace have a schedule each */
export const reconcileScheduleId = (queuePrefix: string): string => `${queuePrefix}reconcile`;
