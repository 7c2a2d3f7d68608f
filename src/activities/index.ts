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
  /**
   * Rotates the grant. The only code that spends a refresh token. Ignores cancellation: call it with WAIT_CANCELLATION_COMPLETED.
   * `knownExpiresAt`: of the access token this is about; if the grant holds another one by now, that is the answer and nothing is spent.
   * Answered `refused`, the loop asks again after each of `policy.refusedRereadMs` with `step: 'reread'`, the last time with `'confirm'`
   * (still refused: the app is told by `provider.connection.error`), then after each of `policy.refusedRetryMs` with `'spend'` and the tries
   * that remain as `attemptsLeft`; refused with `'spend'` and none left, the grant is marked `needs_reauth`.
   * @throws ApplicationFailure `RateLimited`, `DexcomUnavailable`, `ClientRejected` (the operator's credentials are wrong): nobody is
   * disconnected by any of them; `NeedsReauth` (the grant is marked already)
   */
  refreshToken(target: {
    connectionId: string;
    reason: 'expiring' | 'refused';
    step?: 'spend' | 'reread' | 'confirm';
    attemptsLeft: number;
    knownExpiresAt?: number;
  }): Promise<RefreshResult>;
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
  /** `invalid_grant`, and the grant is still the one that was sent. `marked`: it is `needs_reauth` now. */
  | { readonly kind: 'refused'; readonly reason: 'revoked' | 'rotation_lost'; readonly marked: boolean };
