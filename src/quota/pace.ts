import type { SlotPlan } from './slots';

/** How a slot went. */
export interface SlotOutcome {
  /** Nobody was polled whose readings were known until less than so long ago. */
  readonly paceMs: number;
  /** How often somebody whose turn it was found no call left, about. */
  readonly short: number;
  /** Calls leased. */
  readonly taken: number;
  readonly startsAt: number;
}

const SLOTS_PER_CADENCE = 5;
/** What a slot may change. */
const SLOWER = { perShort: 0.1, least: 0.005, most: 0.25 } as const;
const QUICKER = 0.25;
/** Of the cadence: nobody is asked for more rarely, however few calls there are. */
const SLOWEST = 12;

/**
 * The pace of a slot, by how the last one went. Where calls are short, everybody is polled more rarely by the same measure, and is told when
 * their turn comes: so whoever has waited longest goes first, and nobody is passed over. It grows by the share of those who found nothing and
 * falls by the share of calls that nobody wanted, so it settles where there are just enough. 0: as often as they like.
 */
export function nextPace(before: SlotOutcome | null, startsAt: number, { slotMs, calls }: SlotPlan): number {
  if (!before) return 0;
  if (before.short > 0) {
    const growth = 1 + Math.min(SLOWER.most, Math.max(SLOWER.least, (SLOWER.perShort * before.short) / calls));
    return Math.min(SLOWEST * SLOTS_PER_CADENCE * slotMs, Math.max(slotMs, before.paceMs * growth));
  }
  const unusedSlots = Math.max(0, Math.round((startsAt - before.startsAt) / slotMs) - 1);
  const unused = Math.max(0, 1 - before.taken / calls);
  const paceMs = before.paceMs * (1 - QUICKER * unused) * (1 - QUICKER) ** unusedSlots;
  return paceMs < slotMs ? 0 : paceMs;
}
