/** How a failing endpoint is treated, given to its workflow as input: tests pass a shorter one, no clock is mocked. Milliseconds. */
export interface BacklogPolicy {
  /** Waits after the first failures in a row … */
  readonly probeAfterMs: readonly number[];
  /** … and after each further one, give or take a fifth. */
  readonly probeEveryMs: number;
  /** The longest `Retry-After` that is believed. */
  readonly retryAfterMostMs: number;
  /** One drain activity ends after this many messages … */
  readonly drainMessages: number;
  /** … or this long: what it has done is in storage, so only the ending is short of an event. */
  readonly drainMs: number;
  readonly postsPerSecond: number;
  /** Drains and probes of one run; a longer one would be slow to replay. */
  readonly drainsPerRun: number;
}

const MINUTE_MS = 60_000;

export const backlogPolicy: BacklogPolicy = {
  probeAfterMs: [5_000, 30_000, 2 * MINUTE_MS],
  probeEveryMs: 5 * MINUTE_MS,
  retryAfterMostMs: 24 * 60 * MINUTE_MS,
  drainMessages: 2_000,
  drainMs: 30_000,
  postsPerSecond: 100,
  drainsPerRun: 100,
};
