import { DAY_MS, HOUR_MS, MINUTE_MS } from '../duration';
import type { Body } from './body';
import { between, draw } from './draw';

/** What happens to a person on one local day; instants are Unix milliseconds of the local clock. */
export interface Day {
  readonly meals: readonly { readonly at: number; readonly riseMgPerDl: number }[];
  readonly exercise: { readonly at: number; readonly dropMgPerDl: number } | null;
  /** A dip in the small hours, on some nights. */
  readonly nightDip: { readonly at: number; readonly dropMgPerDl: number } | null;
}

const MEALS = [
  { hour: 7.5, grams: [25, 65], share: 0.95 },
  { hour: 12.5, grams: [35, 90], share: 0.97 },
  { hour: 16, grams: [10, 35], share: 0.55 },
  { hour: 19, grams: [40, 100], share: 0.98 },
  { hour: 22, grams: [8, 30], share: 0.25 },
] as const;

const planned = new WeakMap<Body, Map<number, Day>>();
const MOST_DAYS_KEPT = 40;

/** @param index days since 1970-01-01 on the local clock */
export function dayOf(body: Body, index: number): Day {
  const days = planned.get(body) ?? new Map<number, Day>();
  planned.set(body, days);
  const known = days.get(index);
  if (known) return known;
  if (days.size >= MOST_DAYS_KEPT) days.clear();
  const day = plan(body, index);
  days.set(index, day);
  return day;
}

function plan(body: Body, index: number): Day {
  const midnight = index * DAY_MS;
  const chance = (n: number): number => draw(body.seed, index, n);

  const meals = MEALS.flatMap(({ hour, grams: [least, most], share }, n) => {
    if (chance(10 + n) > share) return [];
    const at = midnight + hour * HOUR_MS + between(-60, 60, chance(20 + n)) * MINUTE_MS;
    // Now and then the dose was forgotten or far too small.
    const misjudged = chance(40 + n) < 0.06 ? 1.9 : 1;
    return [{ at, riseMgPerDl: between(least, most, chance(30 + n)) * body.mgPerDlPerGram * misjudged }];
  });
  const exercise =
    chance(1) < body.activeShare ? { at: midnight + between(9, 18, chance(2)) * HOUR_MS, dropMgPerDl: between(20, 55, chance(3)) } : null;
  const nightDip =
    chance(4) < 0.2 ? { at: midnight + between(1, 4.5, chance(5)) * HOUR_MS, dropMgPerDl: between(25, 60, chance(6)) } : null;
  return { meals, exercise, nightDip };
}
