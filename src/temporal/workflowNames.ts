/** Names that outlive a deploy: running workflows and schedules are found by them. */
export const connectionWorkflowType = 'syncConnection';
export const connectionWorkflowIdPrefix = 'dexcom-sync:';
export const connectionWorkflowId = (connectionId: string): string => `${connectionWorkflowIdPrefix}${connectionId}`;

export const reconcileWorkflowType = 'reconcile';
/** @param queuePrefix stacks that share a namespace have a schedule each */
export const reconcileScheduleId = (queuePrefix: string): string => `${queuePrefix}reconcile`;
