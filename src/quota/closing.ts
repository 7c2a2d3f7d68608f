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

/**
 * The closing after a 429: as long as Dexcom asks, an hour at most, since that is what it counts. Where it does not ask, what is left of the slot,
 * then a slot more, two, four …
 * @returns null if the one there is says as much: many calls are under way when the first is refused
 */
export function closingAfter(before: Closing | null, now: number, retryAfterMs: number | null, plan: SlotPlan): Closing | null {
  const isClosed = before !== null && now < before.closedUntil;
  if (isClosed && retryAfterMs === null) return null;
  const isSoon = before !== null && now < before.closedUntil + SOON * plan.slotMs;
  const inARow = isClosed ? before.inARow : isSoon ? before.inARow + 1 : 1;
  const unasked = slotAt(now, plan).endsAt + Math.min(LONGEST, 2 ** (inARow - 1) - 1) * plan.slotMs;
  const closedUntil = Math.ceil(retryAfterMs === null ? unasked : now + Math.min(HOUR_MS, retryAfterMs));
  return isClosed && closedUntil <= before.closedUntil ? null : { closedUntil, inARow };
}
