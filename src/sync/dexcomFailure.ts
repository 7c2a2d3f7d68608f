import { DexcomError } from '../dexcom/errors';
import { SyncFailure } from './syncFailure';

/** Dexcom's error, or a deadline that has passed, as the loop reacts to it; anything else as it is. */
export function asSyncFailure(error: unknown): unknown {
  if (error instanceof DOMException && error.name === 'TimeoutError') return new SyncFailure('DexcomUnavailable', 'it took too long');
  if (!(error instanceof DexcomError)) return error;
  const { kind, message, retryAfterMs } = error;
  if (kind === 'rate_limited') return new SyncFailure('RateLimited', message, retryAfterMs);
  if (kind === 'budget_spent') return new SyncFailure('BudgetSpent', message, retryAfterMs);
  if (kind === 'invalid_client' || kind === 'not_configured') return new SyncFailure('ClientRejected', message);
  if (kind === 'token_expired') return new SyncFailure('TokenExpired', message);
  return new SyncFailure('DexcomUnavailable', message, retryAfterMs);
}

export const isRefusal = (error: unknown): boolean => error instanceof DexcomError && error.kind === 'invalid_grant';

/**
 * Whether this is an answer that strikes an intent out. A gateway's 5xx, a broken body or none at all may stand in front of a rotation that
 * did happen: should the token be refused next, it was lost and not revoked.
 */
export const tellsWhetherSpent = (error: unknown): boolean =>
  error instanceof DexcomError && error.kind !== 'unavailable' && error.kind !== 'garbage';
