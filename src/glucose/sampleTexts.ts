import { fragment } from './jsonBytes';
import { RATE_STEPS } from './originColumns';
import type { GlucoseSample } from './sample';
import { outOfRange, toMmolPerL } from './units';

/** A sensor has 363 values. */
const VALUES_KEPT = 1_000;
const LARGEST_RATE_KEPT = 10 * RATE_STEPS;
const MOST_OF_TRENDS = 10_000;

/** What samples say of values and trends, made once for all pages. */
export class SampleTexts {
  private readonly values: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(VALUES_KEPT).fill(undefined);
  private trends = new Map<string, TrendTexts>();

  /** Up to `trend`. @param mgPerDl whole */
  ofValue(mgPerDl: number): Uint8Array {
    const known = this.values[mgPerDl];
    if (known) return known;
    const fields: Pick<GlucoseSample, 'value' | 'value_mg_per_dl' | 'out_of_range'> = {
      value: toMmolPerL(mgPerDl),
      value_mg_per_dl: mgPerDl,
      out_of_range: outOfRange(mgPerDl),
    };
    const made = fragment(`${JSON.stringify(fields).slice(1, -1)},`);
    if (mgPerDl >= 0 && mgPerDl < VALUES_KEPT) this.values[mgPerDl] = made;
    return made;
  }

  /** Dexcom has seven words for trends and seldom one for a status. */
  ofTrend(trend: string | null, status: string | null): TrendTexts {
    const key = JSON.stringify([trend, status]);
    const known = this.trends.get(key);
    if (known) return known;
    const kept = [...this.trends.values()].reduce((sum, { count }) => sum + count, this.trends.size);
    if (kept > MOST_OF_TRENDS) this.trends = new Map();
    const made = new TrendTexts(trend, status);
    this.trends.set(key, made);
    return made;
  }
}

/** What samples of one trend and one status say from `trend` to where the record id begins. */
export class TrendTexts {
  private readonly byRate: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(2 * LARGEST_RATE_KEPT + 1).fill(undefined);
  private withoutRate: Uint8Array | undefined;
  /** Rates that a text is kept for. */
  count = 0;

  constructor(
    private readonly trend: string | null,
    private readonly status: string | null,
  ) {}

  /** @param rate in `RATE_STEPS`, whole */
  ofRate(rate: number | null): Uint8Array {
    if (rate === null) {
      this.withoutRate ??= this.make(null);
      return this.withoutRate;
    }
    const known = this.byRate[rate + LARGEST_RATE_KEPT];
    if (known) return known;
    const made = this.make(rate / RATE_STEPS);
    if (Math.abs(rate) > LARGEST_RATE_KEPT) return made;
    this.byRate[rate + LARGEST_RATE_KEPT] = made;
    this.count++;
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
