import type { FreshnessState } from '../storage/connectionDoc';
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
export function afterLook(state: FreshnessState, look: Look, policy: SyncPolicy): { state: FreshnessState; nextPollAt: number } {
  const { now, newestAt } = look;
  if (newestAt === null || newestAt <= (state.newestAt ?? -Infinity)) return afterMiss({ ...state, lookedAt: now }, now, policy);

  const delay = learn(state, now - newestAt, policy);
  const dueAt = newestAt + policy.cadenceMs + aimAt(delay, policy);
  // A device clock that runs ahead must not make us wait longer.
  const nextPollAt = Math.round(Math.min(now + policy.cadenceMs, Math.max(now + 1, dueAt)));
  const seen = { lookedAt: now, seenAt: now, unseenAt: state.lookedAt ?? null };
  return { state: { newestAt, ...delay, missesInARow: 0, ...seen }, nextPollAt };
}

function afterMiss(state: FreshnessState, now: number, policy: SyncPolicy): { state: FreshnessState; nextPollAt: number } {
  const missesInARow = state.missesInARow + 1;
  return { state: { ...state, missesInARow }, nextPollAt: now + missWaitMs(missesInARow, policy) };
}

/** A reading was not visible yet this long after it was measured, and visible after that. */
interface Delay {
  readonly missedMs: number;
  readonly delayMs: number;
}

function learn(state: FreshnessState, provedMs: number, policy: SyncPolicy): Delay {
  const { delayMs, missedMs, missesInARow } = state;
  const uncertainMs = missesInARow === 0 ? policy.cadenceMs : missWaitMs(missesInARow, policy);
  const seen = { missedMs: provedMs - uncertainMs, delayMs: provedMs };
  if (delayMs === null) return seen;

  const known = { missedMs: missedMs ?? delayMs - policy.cadenceMs, delayMs };
  if (missesInARow === 0) {
    const hitMs = Math.min(delayMs, provedMs);
    return { missedMs: Math.min(known.missedMs, hitMs - probeMs(policy)), delayMs: hitMs };
  }
  if (uncertainMs <= fineMs(policy)) return seen;
  // A sensor that was away says little about the delay: what was learned before stands while it fits.
  const both = { missedMs: Math.max(seen.missedMs, known.missedMs), delayMs: Math.min(seen.delayMs, known.delayMs) };
  return both.missedMs < both.delayMs ? both : seen;
}

/** Halves what is uncertain until it is little; then each hit tries a little earlier, and a miss, which proves the bound, comes about every tenth time. */
function aimAt({ missedMs, delayMs }: Delay, policy: SyncPolicy): number {
  const isFine = delayMs - missedMs <= fineMs(policy);
  return Math.max(0, isFine ? delayMs - probeMs(policy) : (missedMs + delayMs) / 2);
}

const probeMs = ({ cadenceMs }: SyncPolicy): number => cadenceMs / 200;
const fineMs = ({ cadenceMs }: SyncPolicy): number => cadenceMs / 20;

const missWaitMs = (misses: number, { missRetryMs, cadenceMs }: SyncPolicy): number =>
  missRetryMs[Math.min(misses, missRetryMs.length) - 1] ?? cadenceMs;
