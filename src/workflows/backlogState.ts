import type { BacklogPolicy } from './backlogPolicy';

/** What an endpoint's workflow is started with. */
export interface BacklogInput {
  readonly endpointId: string;
  readonly teamId: string;
  readonly policy: BacklogPolicy;
  /** Where the posting is done, so that nobody else waits for a slow endpoint. */
  readonly activityQueue: string;
  readonly state: BacklogState;
  /** A former run was called to try now, and ended before it did. */
  readonly hurried?: boolean;
}

/** All that an endpoint's workflow carries from run to run. What is pending stands in storage. Instants are Unix milliseconds. */
export interface BacklogState {
  /** Attempts in a row that were not taken, the inline one that began it included. */
  readonly failures: number;
  /** Nothing is posted before. */
  readonly nextTryAt: number;
  /**
   * What `nextTryAt` is for. `probe`: the endpoint is left alone until then. `evidence`: it has refused a message or two and nobody knows whose
   * fault that is; the next message that becomes pending can tell, so it is not waited with. `aside`: all is well, and a message that the
   * endpoint has refused while it took others is due then.
   */
  readonly waitsFor: 'probe' | 'evidence' | 'aside';
  /** Of the attempt that was not taken: a code or a status, never a body. */
  readonly lastError: string | null;
  /** Delivered by this workflow so far. */
  readonly accepted: number;
  /** Half as many after each time the endpoint was too busy, up to the policy's again while it takes them. Null: as many as that. */
  readonly postsPerSecond: number | null;
}

/** An endpoint that may be tried at once. */
export const untried: BacklogState = {
  failures: 0,
  nextTryAt: 0,
  waitsFor: 'probe',
  lastError: null,
  accepted: 0,
  postsPerSecond: null,
};
