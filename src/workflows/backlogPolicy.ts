/** How endpoints and messages that are not taken are treated, given to the workflow as input: tests pass a shorter one, no clock is mocked. Milliseconds. */
export interface BacklogPolicy {
  /** Waits after an endpoint's first failures in a row … */
  readonly probeAfterMs: readonly number[];
  /** … and after each further one, give or take a fifth. */
  readonly probeEveryMs: number;
  /** Waits after each refusal that counts against a message, but the last: one more, and the message is given up. Give or take a fifth. */
  readonly retryAfterMs: readonly number[];
  /** The longest `Retry-After` that is believed. */
  readonly retryAfterMostMs: number;
  /** So many different messages refused in a row, and it is the endpoint that is failing. */
  readonly suspects: number;
  /** An endpoint that has taken nothing for so long is disabled … */
  readonly disableAfterMs: number;
  /** … and its team is told on the way there, in percent of it. */
  readonly warnAtPercent: readonly number[];
  /** One drain activity ends after this many messages … */
  readonly drainMessages: number;
  /** … or this long: what it has done is in storage, so only the ending is short of an event. */
  readonly drainMs: number;
  /** What was read for a batch, the endpoint and its messages, is read again after so long: it may be disabled, moved or erased by now. */
  readonly batchFreshMs: number;
  readonly postsPerSecond: number;
  /** Drains and probes of one run; a longer one would be slow to replay. */
  readonly drainsPerRun: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

export const backlogPolicy: BacklogPolicy = {
  probeAfterMs: [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS],
  probeEveryMs: 5 * MINUTE_MS,
  retryAfterMs: [5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 10 * HOUR_MS],
  retryAfterMostMs: 24 * HOUR_MS,
  suspects: 3,
  disableAfterMs: 5 * 24 * HOUR_MS,
  warnAtPercent: [50, 70, 90],
  drainMessages: 2_000,
  drainMs: 30 * SECOND_MS,
  batchFreshMs: 3 * SECOND_MS,
  postsPerSecond: 100,
  drainsPerRun: 100,
};
