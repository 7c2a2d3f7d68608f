import type { FreshnessState } from '../storage/connections';
import type { SyncPolicy } from './policy';

/** What a live pull brought. Instants are Unix milliseconds. */
export interface Look {
  readonly now: number;
  /** Measured time of the newest reading in the window; null if it was empty. */
  readonly newestAt: number | null;
  /** New readings stored. */
  readonly created: number;
}

/**
 * When to look again, and what this look has taught about the delay between measured and visible. Pure.
 * A hit aims at the instant the next reading should be visible; a miss looks again after 15, 30, 60 s … The next look is never more than
 * one cadence away, but for the last of the miss waits.
 */
export function afterLook(state: FreshnessState, seen: Look, policy: SyncPolicy): { state: FreshnessState; nextPollAt: number } {
  const { now, newestAt } = seen;
  if (newestAt === null || newestAt <= (state.newestAt ?? -Infinity)) return afterMiss(state, now, policy);

  const delayMs = learn(state, now - newestAt, policy);
  const dueAt = newestAt + policy.cadenceMs + delayMs;
  // A device clock that runs ahead must not make us wait longer.
  const nextPollAt = Math.round(Math.min(now + policy.cadenceMs, Math.max(now + 1, dueAt)));
  return { state: { newestAt, delayMs, missesInARow: 0 }, nextPollAt };
}

function afterMiss(state: FreshnessState, now: number, policy: SyncPolicy): { state: FreshnessState; nextPollAt: number } {
  const missesInARow = state.missesInARow + 1;
  return { state: { ...state, missesInARow }, nextPollAt: now + missWaitMs(missesInARow, policy) };
}

/** The delay to aim at, knowing that the true one lies between the last miss and this hit. */
function learn({ delayMs, missesInARow }: FreshnessState, provedMs: number, policy: SyncPolicy): number {
  if (delayMs !== null && missesInARow === 0) return Math.max(0, Math.min(delayMs, provedMs) - probeMs(policy));

  const uncertainMs = missesInARow === 0 ? policy.cadenceMs : missWaitMs(missesInARow, policy);
  // A sensor that was away says nothing about the delay: what was learned before stands while it fits.
  if (delayMs !== null && delayMs > provedMs - uncertainMs && delayMs <= provedMs) return delayMs;
  const coarse = uncertainMs > policy.cadenceMs / 20;
  return Math.max(0, coarse ? provedMs - uncertainMs / 2 : provedMs);
}

/** Each hit tries a little earlier, so that a miss, which proves the bound, comes about every tenth time. */
const probeMs = ({ cadenceMs }: SyncPolicy): number => cadenceMs / 200;

const missWaitMs = (misses: number, { missRetryMs, cadenceMs }: SyncPolicy): number =>
  missRetryMs[Math.min(misses, missRetryMs.length) - 1] ?? cadenceMs;
