import type { DrainResult } from '../activities/backlogActivities';
import type { BacklogPolicy } from './backlogPolicy';
import type { BacklogState } from './backlogState';

/** The same endpoints fail together and come back together: probes of one moment would find them overrun. */
const JITTER = 0.2;

/**
 * The state once a drain has ended so. Later: what an endpoint refuses while it takes others, and one that takes nothing for days, are told
 * apart here.
 * @param random in [0, 1)
 */
export function afterDrain(
  state: BacklogState,
  result: DrainResult,
  { now, random, policy }: { readonly now: number; readonly random: number; readonly policy: BacklogPolicy },
): BacklogState {
  const accepted = state.accepted + result.accepted;
  if (result.kind !== 'failed') return { failures: 0, nextTryAt: 0, lastError: null, accepted };

  const failures = result.accepted > 0 ? 1 : state.failures + 1;
  return { failures, nextTryAt: now + waitMs(failures, result.retryAfterMs, random, policy), lastError: result.error, accepted };
}

/** How long to leave an endpoint alone after its `failures`th failure in a row; its own wish goes before the table, within reason. */
export function waitMs(failures: number, retryAfterMs: number | null, random: number, policy: BacklogPolicy): number {
  const { probeAfterMs, probeEveryMs, retryAfterMostMs } = policy;
  const shortestMs = probeAfterMs[0] ?? probeEveryMs;
  if (retryAfterMs !== null) return Math.min(retryAfterMostMs, Math.max(shortestMs, retryAfterMs));
  return probeAfterMs[failures - 1] ?? Math.round(probeEveryMs * (1 - JITTER + 2 * JITTER * random));
}
