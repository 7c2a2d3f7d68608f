/** Names that outlive a deploy: running workflows are found by them. */
export const backlogWorkflowType = 'deliverBacklog';
/** One per endpoint, and never two at once: Temporal sees to it. */
export const backlogWorkflowId = (endpointId: string): string => `webhook-endpoint:${endpointId}`;
