import type { ConnectionSnapshot, RefreshResult } from '../activities';
import type { SyncPolicy } from '../freshness/policy';
import { backoff } from './backoff';
import { type Failure, isOnlyPutOff } from './failure';
import type { RefreshToken } from './nextStep';
import { type SyncState, type TokenState, untroubled } from './syncState';

/** A grant stored since the last look ends whatever the one before was in. */
export function loadedToken(token: TokenState, snapshot: ConnectionSnapshot, now: number, policy: SyncPolicy): TokenState {
  const { accessTokenExpiresAt, needsReauth } = snapshot;
  const known = accessTokenExpiresAt === token.expiresAt ? token : { ...fresh(accessTokenExpiresAt, now, policy), refreshedAt: null };
  return needsReauth === null ? { ...known, needsReauth } : { ...known, needsReauth, nextTryAt: now + policy.deepSweepEveryMs };
}

/** The state once Dexcom has answered a refresh. */
export function afterRefresh(state: SyncState, step: RefreshToken, result: RefreshResult, now: number, policy: SyncPolicy): SyncState {
  if (result.kind === 'refreshed') return { ...state, token: renewed(result.accessTokenExpiresAt, now, policy) };
  const refusals = state.token.refusals + 1;
  const waits = [...policy.refusedRereadMs, ...policy.refusedRetryMs];
  const nextTryAt = now + (waits[refusals - 1] ?? policy.deepSweepEveryMs);
  const needsReauth = step.step === 'spend' && step.attemptsLeft === 0 ? result.reason : null;
  return { ...state, token: { ...state.token, refusals, nextTryAt, error: result.reason, putOff: null, needsReauth } };
}

/** The state once a refresh has failed without an answer about the grant. */
export function afterFailedRefresh(state: SyncState, failure: Failure, now: number, policy: SyncPolicy): SyncState {
  if (failure.type === 'NeedsReauth' || failure.type === 'NotWanted') return { ...state, stale: true };
  if (isOnlyPutOff(failure)) return { ...state, token: { ...state.token, nextTryAt: now + failure.retryAfterMs, putOff: failure.type } };
  return { ...state, token: { ...state.token, ...backoff(state.token, failure, now, policy), putOff: null } };
}

/** Refusals that count: the re-reads are over, so it was no race; and the last one. */
export function isTold({ refusals, needsReauth }: TokenState, policy: SyncPolicy): boolean {
  return needsReauth !== null || refusals === policy.refusedRereadMs.length + 1;
}

/** One that is over as it comes (a clock is wrong somewhere) must not be renewed without a pause. */
function renewed(expiresAt: number, now: number, policy: SyncPolicy): TokenState {
  return { ...fresh(expiresAt, now, policy), nextTryAt: expiresAt > now ? 0 : now + policy.backoffFirstMs };
}

/** A token that lives shorter than the policy's head start is renewed halfway, not for ever. */
function fresh(expiresAt: number, now: number, { refreshAheadMs }: SyncPolicy): TokenState {
  const aheadMs = Math.min(refreshAheadMs, Math.floor(Math.max(0, expiresAt - now) / 2));
  return { ...untroubled, expiresAt, refreshAt: expiresAt - aheadMs, refreshedAt: now, refused: null, refusals: 0, needsReauth: null };
}
