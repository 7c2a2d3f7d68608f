export interface TaskQueues {
  readonly sync: string;
  readonly backfill: string;
  readonly webhooks: string;
}

/**
 * Live pulls and token refreshes share the workflows' queue, where the server hands them over eagerly; history has a queue with few slots,
 * so that it cannot crowd them out, and failing webhook endpoints have one, so that nobody waits for them.
 * @param prefix keeps stacks apart that share one Temporal namespace; empty in production
 */
export const taskQueues = (prefix: string): TaskQueues => ({
  sync: `${prefix}sync`,
  backfill: `${prefix}backfill`,
  webhooks: `${prefix}webhooks`,
});

/** Lower runs first (Temporal priority keys 1–5). A sweep rides on a live pull. */
export const priorities = { refreshToken: 1, live: 3, sweep: 3, deepSweep: 3, backfill: 5 } as const;
