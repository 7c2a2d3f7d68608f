/** How fast what is replayed becomes pending, given to the workflow as input: tests pass a shorter one. Milliseconds. */
export interface ReplayPolicy {
  /** Looked at at once. */
  readonly page: number;
  /** No further page while so many of an endpoint's wait for their turn. */
  readonly mostWaiting: number;
  /** One activity looks for this long at most. */
  readonly partMs: number;
  /** Until the next look at an endpoint that has enough waiting; twice as long each time nothing has moved, up to … */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
  /** A longer run would be slow to replay. */
  readonly partsPerRun: number;
}

export const replayPolicy: ReplayPolicy = {
  page: 100,
  mostWaiting: 200,
  partMs: 10_000,
  pauseMs: 1_000,
  longestPauseMs: 60_000,
  partsPerRun: 300,
};
