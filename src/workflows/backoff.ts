import type { SyncPolicy } from '../freshness/policy';
import type { Failure } from './failure';
import type { Trouble } from './syncState';

/** One more failure in a row: twice the wait of the one before, an hour at most, and never before Dexcom's own wish. */
export function backoff(before: Pick<Trouble, 'failures'>, failure: Failure, now: number, policy: SyncPolicy): Trouble {
  const failures = before.failures + 1;
  const waitMs = Math.min(policy.backoffMostMs, policy.backoffFirstMs * 2 ** (failures - 1));
  return { failures, nextTryAt: now + Math.max(waitMs, failure.retryAfterMs ?? 0), error: failure.type };
}
