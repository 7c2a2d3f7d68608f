/** How one app's calls are spread: so many in each slot of time, none of them kept for the next. */
export interface SlotPlan {
  /** The hour's whole part, milliseconds: a minute for real sensors. */
  readonly slotMs: number;
  /** In each slot, by all processes together. */
  readonly calls: number;
}

const HOUR_MS = 3_600_000;
const SLOTS_PER_CADENCE = 5;
/** Fewer could not be divided among those who want them. */
const LEAST_CALLS = 10;

/**
 * Whether Dexcom's hour rolls or goes by the clock is not known (dexcom-api.md U4). Any hour touches one slot more than fit into it, so with
 * as much in each, no hour of either kind has more calls than are allowed.
 */
export function slotPlan(callsPerHour: number, cadenceMs: number): SlotPlan {
  const wanted = Math.floor((SLOTS_PER_CADENCE * HOUR_MS) / cadenceMs);
  const slots = Math.max(1, Math.min(wanted, Math.floor(callsPerHour / LEAST_CALLS) - 1));
  return { slotMs: HOUR_MS / slots, calls: Math.max(1, Math.floor(callsPerHour / (slots + 1))) };
}

/** The slot that `now` is in, Unix milliseconds: the same in every process. */
export function slotAt(now: number, { slotMs }: SlotPlan): { readonly startsAt: number; readonly endsAt: number } {
  const slot = Math.floor(now / slotMs);
  return { startsAt: Math.ceil(slot * slotMs), endsAt: Math.ceil((slot + 1) * slotMs) };
}
