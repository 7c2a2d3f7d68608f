import type { NeedsReauthReason } from '../storage/grants';
import type { SyncFailureType } from './syncFailure';

/** Somebody has changed the connection or its grant, which says it better; or it was not its turn. */
type Answered = 'NeedsReauth' | 'AccountChanged' | 'NotWanted' | 'BudgetSpent';

/** What readers see as `last_error.type` of a connection (docs/errors.md, "How a sync can fail"). */
export type LastErrorType =
  | Exclude<SyncFailureType, Answered>
  | NeedsReauthReason
  /** The database does not answer. */
  | 'DatabaseAway'
  /** An attempt took too long, or its worker was lost. */
  | 'Timeout'
  /** A fault of ours; the log has it. */
  | 'Unexpected';

/** By the compiler's word all of them. */
const KNOWN: Readonly<Record<LastErrorType, true>> = {
  TokenExpired: true,
  Superseded: true,
  RateLimited: true,
  DexcomUnavailable: true,
  ClientRejected: true,
  revoked: true,
  rotation_lost: true,
  account_changed: true,
  DatabaseAway: true,
  Timeout: true,
  Unexpected: true,
};
const ANSWERED: Readonly<Record<Answered, true>> = { NeedsReauth: true, AccountChanged: true, NotWanted: true, BudgetSpent: true };

export const lastErrorTypes: readonly string[] = Object.keys(KNOWN);

/** A failure's type as it is kept; null for one that is not. */
export function lastErrorType(type: string): LastErrorType | null {
  if (Object.hasOwn(ANSWERED, type)) return null;
  return isKnown(type) ? type : 'Unexpected';
}

const isKnown = (type: string): type is LastErrorType => Object.hasOwn(KNOWN, type);
