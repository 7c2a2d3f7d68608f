import { draw } from '../physiology/draw';

export interface Outages {
  readonly every: number;
  readonly most: number;
}

interface Outage {
  readonly from: number;
  readonly to: number;
}

/**
 * The outage an instant falls into, one in each period at a place of its own.
 * @param anchor where some period begins @param seed of the person and the kind of outage
 */
export function outageAt({ every, most }: Outages, anchor: number, seed: number, at: number): Outage | null {
  const period = Math.floor((at - anchor) / every);
  const lasts = Math.round(most * (0.5 + draw(seed, period, 1) / 2));
  const from = anchor + period * every + Math.floor(draw(seed, period, 2) * (every - lasts));
  return at >= from && at < from + lasts ? { from, to: from + lasts } : null;
}
