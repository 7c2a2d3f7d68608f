import { type SlotPlan, slotAt } from './slots';

/** Until when an app sends nothing because Dexcom has answered 429. Unix milliseconds. */
export interface Closing {
  readonly closedUntil: number;
  /** Closings in a row, each soon after the one before. */
  readonly inARow: number;
}

const HOUR_MS = 3_600_000;
/** Slots after a closing within which another 429 means that it was too short. */
const SOON = 5;
/** Slots of a closing, where Dexcom does not say. */
const LONGEST = 10;
/** Closings in a row that are as long as Dexcom asks. */
const TAKEN_AT_HIS_WORD = 2;

/** Milliseconds that an app is closed for; 0: it is not. Longer than any closing lasts is a word of a clock that was wrong. */
export function closedForMs(closedUntil: number, now: number, { slotMs }: SlotPlan): number {
  const leftMs = Math.max(0, closedUntil - now);
  return leftMs <= Math.max(2 * HOUR_MS, 2 * LONGEST * slotMs) ? leftMs : 0;
}

/**
 * The closing after a 429: as long as Dexcom asks, an hour at most, since that is what it counts. Where it does not ask, what is left of the slot,
 * then a slot more, two, four …
 * @returns null if the one there is says as much: many calls are under way when the first is refused
 */
export function closingAfter(before: Closing | null, now: number, retryAfterMs: number | null, plan: SlotPlan): Closing | null {
  const isClosed = before !== null && closedForMs(before.closedUntil, now, plan) > 0;
  if (isClosed && retryAfterMs === null) return null;
  const isSoon = before !== null && Math.abs(now - before.closedUntil) < SOON * plan.slotMs;
  const inARow = isClosed ? before.inARow : isSoon ? before.inARow + 1 : 1;
  const unasked = slotAt(now, plan).endsAt + Math.min(LONGEST, 2 ** (inARow - 1) - 1) * plan.slotMs;
  const asked = retryAfterMs === null ? 0 : now + Math.min(HOUR_MS, retryAfterMs);
  // Who asks for too short a wait again and again is not taken at his word.
  const closedUntil = Math.ceil(retryAfterMs === null || inARow > TAKEN_AT_HIS_WORD ? Math.max(asked, unasked) : asked);
  return isClosed && closedUntil <= before.closedUntil ? null : { closedUntil, inARow };
}
