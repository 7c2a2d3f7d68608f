import type { BacklogPolicy } from './backlogPolicy';

/** What an endpoint's workflow is started with. */
export interface BacklogInput {
  readonly endpointId: string;
  readonly teamId: string;
  readonly policy: BacklogPolicy;
  /** Where the posting is done, so that nobody else waits for a slow endpoint. */
  readonly activityQueue: string;
  readonly state: BacklogState;
}

/** All that an endpoint's workflow carries from run to run. What is pending stands in storage. Instants are Unix milliseconds. */
export interface BacklogState {
  /** Attempts in a row that were not taken, the inline one that began it included. */
  readonly failures: number;
  /** Nothing is posted before. */
  readonly nextTryAt: number;
  /** Of the attempt that was not taken: a code or a status, never a body. */
  readonly lastError: string | null;
  /** Delivered by this workflow so far. */
  readonly accepted: number;
}

/** An endpoint that may be tried at once. */
export const untried: BacklogState = { failures: 0, nextTryAt: 0, lastError: null, accepted: 0 };
