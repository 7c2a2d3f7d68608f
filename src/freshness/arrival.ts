import type { FreshnessState } from '../storage/connectionDoc';
import { type Aim, afterHit, afterLate, firstLookMs, searchBetween } from './aim';
import { cadenceOf, learnCadence } from './cadence';
import { afterReturn, habitOf } from './habit';
import type { SyncPolicy } from './policy';

/** A look that showed something newer than the ones before. Instants are Unix milliseconds. */
export interface Arrival {
  readonly now: number;
  readonly newestAt: number;
  readonly created: number;
}

/** What an arrival teaches about aim, habit and cadence. */
export function afterArrival(state: FreshnessState, arrival: Arrival, policy: SyncPolicy): FreshnessState {
  const { now, newestAt } = arrival;
  const seen = sightOf(state, arrival, policy);
  const kind = kindOf(state, seen, policy);
  const looked = { leftAt: state.seenAt ?? now, unseenAt: state.lookedAt ?? now, seenAt: now };
  const habit = kind === 'return' ? afterReturn(habitOf(state), looked, policy) : habitOf(state);
  return {
    newestAt,
    missesInARow: 0,
    lookedAt: now,
    seenAt: now,
    unseenAt: state.lookedAt ?? null,
    ...aimAfter(state, kind, seen, policy),
    ...habit,
    ...learnCadence(state, { ...seen, created: arrival.created, habit }, policy),
  };
}

/** What one arrival shows. Milliseconds. */
interface Sight {
  /** The newest reading's age … */
  readonly ageMs: number;
  /** … the greatest at which it, or the one after it, is known not to have been visible … */
  readonly unseenMs: number;
  /** … and how much newer it is than the newest before. */
  readonly stepMs: number;
}

function sightOf(state: FreshnessState, { now, newestAt }: Arrival, policy: SyncPolicy): Sight {
  const cadenceMs = cadenceOf(state, policy);
  const stepMs = newestAt - (state.newestAt ?? -Infinity);
  // Looks are aimed by where a reading is expected, so the sensor's own jitter is part of what the aim must cover.
  const isNext = Math.abs(stepMs - cadenceMs) <= cadenceMs / 4;
  const measuredAt = isNext ? newestAt - stepMs + cadenceMs : newestAt;
  const ageMs = now - measuredAt;
  const lookedMs = (state.lookedAt ?? -Infinity) - measuredAt;
  // The reading after the newest would be a cadence younger, and is not there.
  return { ageMs, unseenMs: Math.min(ageMs, Math.max(lookedMs, ageMs - cadenceMs)), stepMs };
}

/**
 * - `first`: nothing was known.
 * - `hit`: by the look meant for it. `late`: after that, by itself.
 * - `slower`, `faster`: the delay itself has changed, by more than a reading's jitter.
 * - `return`: several together after looks in vain: of a phone, a sensor, a receiver that was away, or of one that always uploads so.
 * - `irregular`: a reading was lost, or the sensor's clock has moved; the delay need not have changed.
 */
type Kind = 'first' | 'hit' | 'late' | 'slower' | 'faster' | 'return' | 'irregular';

function kindOf(state: FreshnessState, { ageMs, stepMs }: Sight, policy: SyncPolicy): Kind {
  const aim = aimOf(state);
  if (!aim) return 'first';
  const cadenceMs = cadenceOf(state, policy);
  const misses = state.missesInARow;
  const over = (ageMs - firstLookMs(aim, policy)) / cadenceMs;
  const step = stepMs / cadenceMs;
  if (over >= 1.2 || (misses > 0 && step < 1.5 && over >= 0.5)) return 'slower';
  if (over < (misses === 0 ? -0.5 : -1)) return 'faster';
  if (misses === 0) return 'hit';
  if (misses > 1 && step >= 2.5) return 'return';
  return step < 1.5 && over >= 0 ? 'late' : 'irregular';
}

function aimAfter(state: FreshnessState, kind: Kind, { ageMs, unseenMs }: Sight, policy: SyncPolicy): Aim {
  const aim = aimOf(state);
  if (!aim || kind === 'first' || kind === 'slower' || kind === 'faster') return searchBetween(unseenMs, ageMs, policy);
  if (kind === 'hit') return afterHit(aim, ageMs, policy);
  if (kind === 'late') return afterLate(aim, { ageMs, unseenMs, misses: state.missesInARow }, policy);
  return kind === 'return' ? { ...aim, streak: 0 } : aim;
}

/** Null: no reading has been seen yet. */
export function aimOf({ delayMs, missedMs, streak = 0 }: FreshnessState): Aim | null {
  if (delayMs === null) return null;
  return missedMs === undefined ? { delayMs, streak } : { delayMs, missedMs, streak };
}

/** When the reading after the newest one is asked for first; null before there is one. Unix milliseconds. */
export function dueAt(state: FreshnessState, policy: SyncPolicy): number | null {
  const aim = aimOf(state);
  return aim === null || state.newestAt === null ? null : state.newestAt + cadenceOf(state, policy) + firstLookMs(aim, policy);
}
