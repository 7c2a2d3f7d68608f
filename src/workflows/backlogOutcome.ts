import type { DrainResult, FailedDrain } from '../activities/backlogActivities';
import type { BacklogPolicy } from './backlogPolicy';
import type { BacklogState } from './backlogState';

/** The same endpoints fail together and come back together: probes of one moment would find them overrun. */
const JITTER = 0.2;
const LEAST_POSTS_PER_SECOND = 1;

/**
 * The state once a drain has ended so.
 * @param random in [0, 1)
 */
export function afterDrain(
  state: BacklogState,
  result: DrainResult,
  { now, random, policy }: { readonly now: number; readonly random: number; readonly policy: BacklogPolicy },
): BacklogState {
  const accepted = state.accepted + result.accepted;
  if (result.kind !== 'failed') {
    const dueAt = result.kind === 'drained' ? result.dueAt : null;
    const well = { failures: 0, lastError: null, accepted, postsPerSecond: faster(state, result, policy) };
    return { ...well, nextTryAt: dueAt ?? 0, waitsFor: dueAt === null ? 'probe' : 'aside' };
  }

  return {
    failures: inARow(state.failures, result),
    nextTryAt: result.waitMs === undefined ? nextTryOf(state.failures, result, { now, random, policy }) : now + result.waitMs,
    waitsFor: result.trouble === 'doubtful' && result.retryAfterMs === null ? 'evidence' : 'probe',
    lastError: result.error,
    accepted,
    postsPerSecond: result.trouble === 'busy' ? slower(state, policy) : state.postsPerSecond,
  };
}

/** When an endpoint is tried again after a drain that ended so. @param failures in a row before it */
export const nextTryOf = (
  failures: number,
  result: Pick<FailedDrain, 'accepted' | 'retryAfterMs'>,
  { now, random, policy }: { readonly now: number; readonly random: number; readonly policy: BacklogPolicy },
): number => now + waitMs(inARow(failures, result), result.retryAfterMs, random, policy);

const inARow = (before: number, { accepted }: Pick<DrainResult, 'accepted'>): number => (accepted > 0 ? 1 : before + 1);

/** How long to leave an endpoint alone after its `failures`th failure in a row; its own wish goes before the table, within reason. */
export function waitMs(failures: number, retryAfterMs: number | null, random: number, policy: BacklogPolicy): number {
  const { probeAfterMs, probeEveryMs, retryAfterMostMs } = policy;
  const shortestMs = probeAfterMs[0] ?? probeEveryMs;
  if (retryAfterMs !== null) return Math.min(retryAfterMostMs, Math.max(shortestMs, retryAfterMs));
  return probeAfterMs[failures - 1] ?? spread(probeEveryMs, random);
}

/**
 * Whether the next probe begins at any message instead of the oldest: every other one, once the short waits are over. The oldest themselves may
 * be what is not taken.
 */
export const beginsAnywhere = ({ failures }: BacklogState, { probeAfterMs }: BacklogPolicy): boolean =>
  failures > probeAfterMs.length && failures % 2 === 0;

/** Give or take a fifth. @param random in [0, 1) */
export const spread = (ms: number, random: number): number => Math.round(ms * (1 - JITTER + 2 * JITTER * random));

const slower = ({ postsPerSecond }: BacklogState, policy: BacklogPolicy): number =>
  Math.max(LEAST_POSTS_PER_SECOND, (postsPerSecond ?? policy.postsPerSecond) / 2);

function faster({ postsPerSecond }: BacklogState, { accepted }: DrainResult, policy: BacklogPolicy): number | null {
  if (postsPerSecond === null || accepted === 0) return postsPerSecond;
  return postsPerSecond * 2 < policy.postsPerSecond ? postsPerSecond * 2 : null;
}
