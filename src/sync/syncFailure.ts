/** Why a pull or a refresh ended without its result. */
export type SyncFailureType =
  /** 401 on this access token: refresh it and try again. */
  | 'TokenExpired'
  /** The grant is marked; only the person can help. */
  | 'NeedsReauth'
  /** Another account's answer. Nothing was stored, the grant is marked. */
  | 'AccountChanged'
  /** A younger pull has begun. */
  | 'Superseded'
  /** Paused, disconnected or erased meanwhile. */
  | 'NotWanted'
  | 'RateLimited'
  /** Nothing was sent: the app's calls are others' for now. */
  | 'BudgetSpent'
  | 'DexcomUnavailable'
  /** Dexcom does not know this operator's application. Nobody is disconnected by it. */
  | 'ClientRejected';

/** A failure whose kind is known. Its message holds no token, name or glucose value: it is shown and kept. */
export class SyncFailure extends Error {
  override readonly name = 'SyncFailure';

  constructor(
    readonly type: SyncFailureType,
    message: string,
    /** As Dexcom asked, or the budget of calls, milliseconds. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}
