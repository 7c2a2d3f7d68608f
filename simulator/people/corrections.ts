/**
 * What an operator did to a person's readings, in the order it was done; `at` is when, on the simulated clock. The list only grows, so that
 * what was visible at any earlier instant can always be told again.
 */
export type Correction = Added | Revised | Held | Released | Lost;

/** One more reading, visible from `visibleAt`. */
export interface Added {
  readonly kind: 'added';
  readonly at: number;
  readonly key: string;
  readonly measuredAt: number;
  readonly visibleAt: number;
  readonly mgPerDl: number | null;
  readonly trend: string | null;
  readonly trendRate: number | null;
}

/** The reading `key` has another value from now on (dexcom-api.md §2.4, v2 smoothing; §8.29). */
export interface Revised {
  readonly kind: 'revised';
  readonly at: number;
  readonly key: string;
  readonly mgPerDl: number | null;
}

/** Readings measured in `[from, to)` are not to be seen until `until`, or until released: a phone without a connection (§8.26). */
export interface Held {
  readonly kind: 'held';
  readonly at: number;
  readonly holdId: string;
  readonly from: number;
  readonly to: number;
  readonly until: number | null;
}

export interface Released {
  readonly kind: 'released';
  readonly at: number;
  readonly holdId: string;
}

/** Readings measured in `[from, to)` were never taken. */
export interface Lost {
  readonly kind: 'lost';
  readonly at: number;
  readonly from: number;
  readonly to: number;
}
