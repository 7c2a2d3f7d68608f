import type { SyncPolicy } from './policy';

/** How long after its measurement a reading is asked for. Milliseconds; below zero for a device whose clock is ahead. */
export interface Aim {
  /** Where the first look is aimed; while it is searched for, an age at which a reading has been seen. */
  readonly delayMs: number;
  /** Searched for: an age at which a reading was not visible yet. Absent: found. */
  readonly missedMs?: number;
  /** Readings in a row that the first look meant for them showed; below zero: that it did not. 0: the last one came in another way. */
  readonly streak: number;
}

/** A first look in vain is one call more: one in this many readings leaves room for tokens and trouble below 1.1 calls a reading. */
const READINGS_PER_MISS = 30;
/** So many in a row without a miss are unlikely where the aim is right: the delay has become shorter, and the steps grow. */
const LONG_STREAK = 40;
const STEP_GROWTH = 1.5;

/** The delay is somewhere between the two. */
export function searchBetween(missedMs: number, seenMs: number, { cadenceMs }: SyncPolicy): Aim {
  const isFound = seenMs - missedMs <= cadenceMs / 20;
  return isFound ? { delayMs: seenMs, streak: 0 } : { missedMs, delayMs: seenMs, streak: 0 };
}

/** In a search the middle, and never more than a fifth of a cadence above what is known to be too early. */
export function firstLookMs({ delayMs, missedMs }: Aim, { cadenceMs }: SyncPolicy): number {
  return missedMs === undefined ? delayMs : missedMs + Math.min((delayMs - missedMs) / 2, cadenceMs / 5);
}

/**
 * The first look showed the reading. Each does so a little earlier than the one before, and a miss goes back as far as it is rare: that settles
 * where one look in so many is in vain, whatever the delays are distributed like (a weighted up-down staircase).
 */
export function afterHit(aim: Aim, ageMs: number, policy: SyncPolicy): Aim {
  const { delayMs, missedMs } = aim;
  const streak = Math.max(0, aim.streak) + 1;
  if (missedMs === undefined) return { delayMs: Math.max(-policy.cadenceMs, delayMs - stepMs(aim.streak, policy)), streak };

  const seenMs = Math.min(delayMs, ageMs);
  const searched = searchBetween(missedMs, seenMs, policy);
  if (searched.missedMs !== undefined && seenMs - missedMs < (3 / 4) * (delayMs - missedMs)) return { ...searched, streak };
  // Nothing has lately proved that less is too early.
  return { delayMs: seenMs, streak: LONG_STREAK / 2 };
}

/** The reading came after looks in vain, and was visible by `ageMs`, not yet at `unseenMs`. */
export function afterLate(aim: Aim, { ageMs, unseenMs, misses }: Late, policy: SyncPolicy): Aim {
  const { delayMs, missedMs } = aim;
  const streak = Math.min(0, aim.streak) - 1;
  if (missedMs !== undefined) return { ...searchBetween(Math.max(missedMs, unseenMs), ageMs, policy), streak };
  if (aim.streak < 0 && misses > 1) return { ...searchBetween(unseenMs, ageMs, policy), streak };

  const upMs = (READINGS_PER_MISS - 1) * stepMs(0, policy) * haste(aim.streak);
  return { delayMs: Math.min(ageMs, delayMs + Math.max(upMs, stepMs(aim.streak, policy))), streak };
}

/** A miss soon after another one says that the aim is far off. */
const haste = (hits: number): number => (hits < 2 ? 4 : hits < 8 ? 2 : 1);

export interface Late {
  readonly ageMs: number;
  readonly unseenMs: number;
  readonly misses: number;
}

const stepMs = (streak: number, { cadenceMs }: SyncPolicy): number =>
  Math.min(cadenceMs / 10, (cadenceMs / 1_200) * STEP_GROWTH ** Math.max(0, streak - LONG_STREAK));
