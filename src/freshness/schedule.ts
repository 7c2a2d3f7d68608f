import type { FreshnessState } from '../storage/connectionDoc';
import { afterArrival, dueAt } from './arrival';
import { cadenceOf } from './cadence';
import type { SyncPolicy } from './policy';
import { longestWaitMs, lookInVainAt, turnAt } from './quiet';
import { allowedFrom, spend } from './share';

/** What a live pull brought. Instants are Unix milliseconds. */
export interface Look {
  readonly now: number;
  /** Measured time of the newest reading in the window; null if it was empty. */
  readonly newestAt: number | null;
  /** New readings stored. */
  readonly created: number;
}

/**
 * When to look again, and what this look has taught. Pure and total (docs/adr/0014-asking-when-it-is-there.md).
 * The next look is meant for the instant the next reading becomes visible. It is after this one, no sooner than the connection's share of calls
 * allows, and at most twelve readings (an hour) away, but for a share that is slower.
 */
export function afterLook(before: FreshnessState, look: Look, policy: SyncPolicy): { state: FreshnessState; nextPollAt: number } {
  const { now } = look;
  const spentUntil = spend(before.spentUntil, now, policy);
  const newestAt = look.newestAt === null ? null : Math.min(look.newestAt, now + policy.cadenceMs);
  const isNew = newestAt !== null && newestAt > (before.newestAt ?? -Infinity);
  const { state, wantedAt } = isNew ? arrived(before, { ...look, newestAt }, policy) : inVain(before, now, policy);
  return { state: { ...state, spentUntil }, nextPollAt: Math.ceil(Math.max(now + 1, postponed(state, wantedAt, spentUntil, policy))) };
}

interface Wanted {
  readonly state: FreshnessState;
  readonly wantedAt: number;
}

function arrived(before: FreshnessState, arrival: Look & { readonly newestAt: number }, policy: SyncPolicy): Wanted {
  const state = afterArrival(before, arrival, policy);
  const { now } = arrival;
  const due = dueAt(state, policy) ?? now;
  // A device clock that runs ahead must not make us wait longer than for the next reading.
  return { state, wantedAt: Math.min(now + cadenceOf(state, policy), Math.max(now + policy.cadenceMs / 60, due)) };
}

function inVain(before: FreshnessState, now: number, policy: SyncPolicy): Wanted {
  const due = dueAt(before, policy);
  // Somebody asked out of turn: nothing is missing.
  if (due !== null && now < due && due <= now + cadenceOf(before, policy)) return { state: { ...before, lookedAt: now }, wantedAt: due };
  const state = { ...before, lookedAt: now, missesInARow: before.missesInARow + 1 };
  return { state, wantedAt: lookInVainAt(state, now, policy) };
}

/** Where the share is short, what looks there are fall into the sensor's turns. */
function postponed(state: FreshnessState, wantedAt: number, spentUntil: number, policy: SyncPolicy): number {
  const allowed = allowedFrom(spentUntil, policy);
  if (wantedAt >= allowed) return wantedAt;
  const due = dueAt(state, policy);
  return due === null || allowed - wantedAt < longestWaitMs(policy) / 60 ? allowed : turnAt(due, allowed, cadenceOf(state, policy));
}
