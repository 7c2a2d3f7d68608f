/** Names that outlive a deploy: running workflows are found by them. */
export const erasureWorkflowType = 'eraseUser';
/** One per user, however often they are deleted and brought back. */
export const erasureWorkflowId = (userId: string): string => `erase-user:${userId}`;
