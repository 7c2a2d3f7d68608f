import { fragment } from './jsonBytes';
import { RATE_STEPS } from './originColumns';
import type { GlucoseSample } from './sample';
import { outOfRange, toMmolPerL } from './units';

/** By mg/dL, for all pages: a sensor has 363 of them. */
const VALUES: (Uint8Array | undefined)[] = [];
const VALUES_KEPT = 1_000;

/** What a sample says of its value. */
export function valueText(mgPerDl: number): Uint8Array {
  if (mgPerDl < 0 || mgPerDl >= VALUES_KEPT) return makeValue(mgPerDl);
  VALUES[mgPerDl] ??= makeValue(mgPerDl);
  return VALUES[mgPerDl];
}

function makeValue(mgPerDl: number): Uint8Array {
  const fields: Pick<GlucoseSample, 'value' | 'value_mg_per_dl' | 'out_of_range'> = {
    value: toMmolPerL(mgPerDl),
    value_mg_per_dl: mgPerDl,
    out_of_range: outOfRange(mgPerDl),
  };
  return fragment(`${JSON.stringify(fields).slice(1, -1)},`);
}

const LARGEST_RATE_KEPT = 10 * RATE_STEPS;
const MOST_KEPT = 10_000;
const KEPT = new Map<string | null, Map<string | null, TrendTexts>>();
let kept = 0;

/** Dexcom has seven words for trends and seldom one for a status: what has been made of them serves all pages. */
export function trendTexts(trend: string | null, status: string | null): TrendTexts {
  if (kept > MOST_KEPT) {
    KEPT.clear();
    kept = 0;
  }
  const ofTrend = KEPT.get(trend) ?? new Map<string | null, TrendTexts>();
  KEPT.set(trend, ofTrend);
  const known = ofTrend.get(status);
  if (known) return known;
  kept++;
  const made = new TrendTexts(trend, status);
  ofTrend.set(status, made);
  return made;
}

/** What samples of one trend and one status say from `trend` to where the record id begins. */
export class TrendTexts {
  private readonly byRate: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(2 * LARGEST_RATE_KEPT + 1).fill(undefined);
  private readonly withoutRate: Uint8Array;

  constructor(
    private readonly trend: string | null,
    private readonly status: string | null,
  ) {
    this.withoutRate = this.make(null);
  }

  /** @param rate in `RATE_STEPS`, whole */
  at(rate: number | null): Uint8Array {
    if (rate === null) return this.withoutRate;
    if (rate < -LARGEST_RATE_KEPT || rate > LARGEST_RATE_KEPT) return this.make(rate / RATE_STEPS);
    const known = this.byRate[rate + LARGEST_RATE_KEPT];
    if (known) return known;
    kept++;
    const made = this.make(rate / RATE_STEPS);
    this.byRate[rate + LARGEST_RATE_KEPT] = made;
    return made;
  }

  private make(rate: number | null): Uint8Array {
    const fields: Pick<GlucoseSample, 'trend' | 'trend_rate_mg_per_dl_per_min' | 'status'> = {
      trend: this.trend,
      trend_rate_mg_per_dl_per_min: rate,
      status: this.status,
    };
    return fragment(`${JSON.stringify(fields).slice(1, -1)},"record_id":"`);
  }
}
