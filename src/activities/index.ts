import type { BackfillWindows } from '../freshness/backfillWindows';
import type { SyncPolicy } from '../freshness/policy';
import type { Life } from '../life/lifeOf';
import type { DesiredState } from '../storage/connectionDoc';
import type { NeedsReauthReason } from '../storage/grants';

/** The activities as workflows see them: ids, counts and instants only, so that no reading, token or name enters a history. */
export interface SyncActivities {
  /**
   * Local. What a run needs, read from the connection and its grant: at its start, and whenever somebody says that they have changed.
   * @returns null if the connection should not be running (disconnected, erased), which ends the run
   */
  loadConnection(target: { connectionId: string }): Promise<ConnectionSnapshot | null>;
  /**
   * Fetches one window, merges it into storage, records its messages (design §2, "Crash-safe novelty").
   * A backfill's may be a stretch of several, read newest first; each stores `afterWindow(backfill, window)`. It ends early, and says so, where
   * one more would go past `yieldAt` or the policy's time, or cannot be read. A live pull's closing update moves `coveredUntil` to `to` or to the
   * end of the person's ingestion, or back to where a late upload may begin, `nextPollAt`, for a sweep `nextSweepAt`, for a deep sweep both sweeps.
   * @throws ApplicationFailure `TokenExpired` (401 on this token: refresh and try again; a token younger than `policy.youngTokenMs` is
   * `DexcomUnavailable` instead), `NeedsReauth` (the grant is marked), `AccountChanged` (another account's answer; nothing stored, the grant is
   * marked), `Superseded` (a newer pull has begun), `NotWanted` (paused, disconnected or erased meanwhile), `RateLimited` (its first detail is
   * the wait in milliseconds: `nextRetryDelay` does not reach a workflow), `BudgetSpent` (nothing was sent; likewise), `DexcomUnavailable`. None of their messages holds a value or token.
   */
  pull(window: {
    connectionId: string;
    purpose: PullPurpose;
    from: number;
    to: number;
    yieldAt?: number;
    policy: SyncPolicy;
  }): Promise<PullResult>;
  /**
   * Rotates the grant; the only code that spends a refresh token. A grant that somebody else has renewed meanwhile is answered as it stands.
   * Ignores cancellation: call it with WAIT_CANCELLATION_COMPLETED.
   * @param target.step `spend` (default) sends the refresh token; after a refusal `reread` only looks whether the grant is another one by now,
   * and `confirm` does the same and, if it is not, tells the app by `provider.connection.error` (once per refused token)
   * @param target.attemptsLeft how many sends would follow a refusal; at 0 a refused send marks the grant `needs_reauth` and tells the app
   * @param target.knownExpiresAt expiry of the access token the caller knows; if the grant holds another one, that one is the answer
   * @throws ApplicationFailure `NeedsReauth` (marked already), `RateLimited`, `BudgetSpent` (first detail: wait in milliseconds), `DexcomUnavailable`,
   * `ClientRejected` (the operator's credentials are wrong): none of the last three ever disconnects anybody
   */
  refreshToken(target: {
    connectionId: string;
    reason: 'expiring' | 'refused';
    step?: 'spend' | 'reread' | 'confirm';
    attemptsLeft: number;
    knownExpiresAt?: number;
  }): Promise<RefreshResult>;
  /** Local. Desired state as wished from the Temporal UI (the API writes it itself before it signals). */
  setDesired(target: { connectionId: string; desired: DesiredState }): Promise<void>;
  /** Local. Keeps what the loop decided after a failure, for the API and for a fresh run. */
  noteFailure(target: { connectionId: string; type: string; message: string; failures: number; nextPollAt: number }): Promise<void>;
  /** Local, ≤4 s: posts the connection's undispatched messages once; what is not taken goes to the endpoint's backlog (design §4). */
  deliver(target: { connectionId: string }): Promise<void>;
}

/** A sweep reads back `policy.sweepMs`, a deep one `policy.deepSweepMs`; each is the live pull that was due anyway. */
export type PullPurpose = 'live' | 'sweep' | 'deepSweep' | 'backfill';

export interface ConnectionSnapshot {
  readonly connectionId: string;
  readonly desired: 'running' | 'paused';
  readonly accessTokenExpiresAt: number;
  readonly needsReauth: NeedsReauthReason | null;
  readonly liveFrom: number;
  readonly coveredUntil: number;
  readonly nextPollAt: number;
  readonly nextSweepAt: number;
  readonly nextDeepSweepAt: number;
  /** Complete ones too: live pulls never reach below what has been read. */
  readonly backfill: BackfillWindows | null;
  /** Live pulls in a row that failed after all their attempts. */
  readonly failures: number;
  /** The state of its life, and since when; absent in histories of before it was said. */
  readonly life?: Pick<Life, 'state' | 'reason' | 'since'>;
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
  /** What was asked for has been read from here on: `from`, or above it where a stretch ended early. */
  readonly doneBackTo: number;
  /** Of a live pull: everything before it has been read; further back than it was where a late upload is still to be read. Absent in histories of before it was said: `to`. */
  readonly coveredUntil?: number;
  /** Of a live pull: sooner than it was where what came may be the end of a late upload. Absent in histories of before it was said: as it was. */
  readonly nextDeepSweepAt?: number;
  /** A stretch of history ended early because Dexcom asks for fewer calls, for so long. */
  readonly retryAfterMs?: number | undefined;
}

export type RefreshResult =
  | { readonly kind: 'refreshed'; readonly accessTokenExpiresAt: number }
  /** `invalid_grant`, and the grant in storage is still the one that was sent. */
  | { readonly kind: 'refused'; readonly reason: NeedsReauthReason };
