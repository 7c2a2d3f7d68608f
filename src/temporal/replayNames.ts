/** Names that outlive a deploy: running workflows are found by them. */
export const replayWorkflowType = 'replayEvents';
export const replayWorkflowId = (operationId: string): string => `webhook-replay:${operationId}`;
