import type { ConnectionSnapshot, PullResult } from '../activities';
import { afterWindow, type BackfillWindows, type Window, windowsLeft } from '../freshness/backfillWindows';
import type { SyncPolicy } from '../freshness/policy';
import { backoff } from './backoff';
import { type Delay, type Failure, isOnlyPutOff } from './failure';
import type { Pull } from './nextStep';
import { type SyncState, type TroubledWindow, untroubled } from './syncState';
import { loadedToken } from './tokenOutcome';

/** The state once the connection has been read. Storage knows progress and deadlines better, the workflow its failures. */
export function afterLoad(state: SyncState, snapshot: ConnectionSnapshot, now: number, policy: SyncPolicy): SyncState {
  const { desired, liveFrom, coveredUntil, nextSweepAt, nextDeepSweepAt, backfill, failures, life } = snapshot;
  const healed = state.token.needsReauth !== null && snapshot.needsReauth === null;
  // What was written while a consent was waited for lies far ahead.
  const nextPollAt = Math.min(snapshot.nextPollAt, healed ? now : now + policy.backoffMostMs);
  return {
    ...state,
    desired,
    storage: untroubled,
    token: loadedToken(state.token, snapshot, now, policy),
    live: { ...state.live, liveFrom, coveredUntil, nextPollAt, nextSweepAt, nextDeepSweepAt, failures },
    backfill,
    troubled: stillLeft(state.troubled, backfill, policy),
    ...(life && { life }),
  };
}

/** The state once `step` has brought `result`. */
export function afterPull(state: SyncState, step: Pull, result: PullResult, now: number, policy: SyncPolicy): SyncState {
  if (step.purpose === 'backfill') {
    const after = afterHistory(state, { from: result.doneBackTo, to: step.to }, policy);
    return { ...after, backfillHeldUntil: result.retryAfterMs === undefined ? 0 : now + result.retryAfterMs };
  }
  const { coveredUntil, nextSweepAt, nextDeepSweepAt } = state.live;
  // Further back than it was where a late upload is to be read.
  const covered = result.coveredUntil ?? Math.max(coveredUntil, step.to);
  // A full window behind the end of a person's ingestion brings nothing further, and would be read for ever.
  const caughtUp = step.to - step.from < policy.longestWindowMs || step.purpose !== 'live' || covered === coveredUntil;
  return {
    ...state,
    live: {
      ...state.live,
      failures: 0,
      error: null,
      putOff: null,
      lastPollAt: now,
      coveredUntil: covered,
      nextPollAt: caughtUp ? result.nextPollAt : now,
      nextSweepAt: step.purpose === 'live' ? nextSweepAt : now + policy.sweepEveryMs,
      nextDeepSweepAt: step.purpose === 'deepSweep' ? now + policy.deepSweepEveryMs : (result.nextDeepSweepAt ?? nextDeepSweepAt),
    },
  };
}

/** The state once `step` has failed in all its attempts: what failed is tried again later, everything else goes on. */
export function afterFailure(state: SyncState, step: Pull, failure: Failure, now: number, policy: SyncPolicy): SyncState {
  const { type } = failure;
  if (type === 'QueueBusy') return state;
  if (isOnlyPutOff(failure)) return putOff(state, step, failure, now);
  // Somebody has changed the connection or its grant: what they wrote decides.
  if (type === 'NeedsReauth' || type === 'AccountChanged' || type === 'NotWanted') return { ...state, stale: true };
  if (type === 'TokenExpired' && mayRefresh(state, now, policy))
    return { ...state, token: { ...state.token, refused: state.token.expiresAt } };
  return step.purpose === 'backfill' ? afterFailedHistory(state, step, failure, now, policy) : afterFailedPoll(state, failure, now, policy);
}

/** The limit is the app's, not the window's: other windows would only meet it too. */
function putOff(state: SyncState, { purpose }: Pull, { type, retryAfterMs }: Delay, now: number): SyncState {
  const until = now + retryAfterMs;
  if (purpose === 'backfill') return { ...state, backfillHeldUntil: until };
  return { ...state, live: { ...state.live, nextPollAt: until, putOff: type } };
}

/** A token that is refused right after it was renewed is Dexcom's trouble, not the token's: renewing again would go on for ever. */
const mayRefresh = ({ token }: SyncState, now: number, { youngTokenMs }: SyncPolicy): boolean =>
  token.refreshedAt === null || now - token.refreshedAt >= youngTokenMs;

function afterFailedPoll(state: SyncState, failure: Failure, now: number, policy: SyncPolicy): SyncState {
  const { failures, nextTryAt, error } = backoff(state.live, failure, now, policy);
  return { ...state, live: { ...state.live, failures, error, putOff: null, nextPollAt: nextTryAt } };
}

function afterFailedHistory(state: SyncState, { to }: Pull, failure: Failure, now: number, policy: SyncPolicy): SyncState {
  const before = state.troubled.find((window) => window.to === to) ?? untroubled;
  const trouble: TroubledWindow = { to, ...backoff(before, failure, now, policy) };
  const troubled = [...state.troubled.filter((window) => window.to !== to), trouble];
  return { ...state, troubled };
}

function afterHistory(state: SyncState, done: Window, policy: SyncPolicy): SyncState {
  const backfill = state.backfill && afterWindow(state.backfill, done);
  return { ...state, backfill, troubled: stillLeft(state.troubled, backfill, policy) };
}

function stillLeft(troubled: readonly TroubledWindow[], backfill: BackfillWindows | null, policy: SyncPolicy): readonly TroubledWindow[] {
  if (troubled.length === 0 || !backfill) return [];
  const left = new Set(Array.from(windowsLeft(backfill, policy.longestWindowMs), ({ to }) => to));
  return troubled.filter(({ to }) => left.has(to));
}
