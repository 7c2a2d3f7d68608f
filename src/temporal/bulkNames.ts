/** Names that outlive a deploy: running workflows are found by them. */
export const bulkWorkflowType = 'bulkOperation';
export const bulkWorkflowId = (operationId: string): string => `bulk-operation:${operationId}`;
