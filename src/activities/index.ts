import type { SyncPolicy } from '../freshness/policy';

/** The activities as workflows see them: ids, counts and instants only, so that no reading, token or name enters a history. */
export interface SyncActivities {
  /**
   * What a fresh run needs, read from the connection and its grant. @returns null if the connection should not be running
   * (disconnected, erased), which ends the run.
   */
  loadConnection(target: { connectionId: string }): Promise<ConnectionSnapshot | null>;
  /**
   * Fetches one window, merges it into storage, records its messages (design §2, "Crash-safe novelty").
   * @throws ApplicationFailure `TokenExpired` (401 on this token: refresh and try again), `NeedsReauth` (the grant is marked),
   * `AccountChanged` (another account's answer; nothing stored), `Superseded` (a newer pull has begun), `RateLimited`, `DexcomUnavailable`
   */
  pull(window: { connectionId: string; purpose: PullPurpose; from: number; to: number; policy: SyncPolicy }): Promise<PullResult>;
  /** Rotates the grant. The only code that spends a refresh token. */
  refreshToken(target: { connectionId: string; reason: 'expiring' | 'refused'; attemptsLeft: number }): Promise<RefreshResult>;
  /** Desired state as wished from the Temporal UI (the API writes it itself before it signals). */
  setDesired(target: { connectionId: string; desired: 'running' | 'paused' | 'disconnected' }): Promise<void>;
  /** Keeps what the loop decided after a failure, for the API and for a fresh run. */
  noteFailure(target: { connectionId: string; type: string; message: string; failures: number; nextPollAt: number }): Promise<void>;
  /** Local, ≤4 s: posts the connection's undispatched messages once; what is not taken goes to the endpoint's backlog (design §4). */
  deliver(target: { connectionId: string }): Promise<void>;
}

export type PullPurpose = 'live' | 'sweep' | 'backfill';

export interface ConnectionSnapshot {
  readonly connectionId: string;
  readonly desired: 'running' | 'paused';
  readonly accessTokenExpiresAt: number;
  readonly needsReauth: string | null;
  readonly liveFrom: number;
  readonly coveredUntil: number;
  readonly nextPollAt: number;
  readonly nextSweepAt: number;
  readonly nextDeepSweepAt: number;
  readonly backfill: { readonly floor: number; readonly doneBackTo: number; readonly ceiling: number } | null;
  readonly failures: number;
}

export interface PullResult {
  readonly created: number;
  readonly updated: number;
  /** Readings stored or already known in the window. */
  readonly readings: number;
  readonly quarantined: number;
  /** Messages of this connection that await dispatch, this pull's or older. */
  readonly messages: number;
  readonly newestAt: number | null;
  /** When to poll next by what this connection has shown so far. */
  readonly nextPollAt: number;
}

export type RefreshResult =
  | { readonly kind: 'refreshed'; readonly accessTokenExpiresAt: number }
  /** `invalid_grant`, confirmed by re-reading: when to try again, or null once the grant is marked `needs_reauth`. */
  | { readonly kind: 'refused'; readonly reason: 'revoked' | 'rotation_lost' };
