import type { Reading, ReadingDevice } from './reading';
import { outOfRange, toMmolPerL } from './units';

/** A reading with a value. One without is kept, but cannot be said in Vital's shape, whose parsers insist on a number (vital-api.md §11.3). */
export type MeasuredReading = Reading & { readonly mgPerDl: number };

export const isMeasured = (reading: Reading): reading is MeasuredReading => reading.mgPerDl !== null;

/**
 * One reading as the API and the webhooks tell it: Vital's sample (vital-api.md §5.1), then what Vital leaves out, as extra keys that its
 * parsers pass through (§11.5).
 */
export interface GlucoseSample {
  readonly id: null;
  /** UTC to the second, cut off: `2026-11-22T08:05:12+00:00`. */
  readonly timestamp: string;
  /** Seconds east of UTC. */
  readonly timezone_offset: number | null;
  readonly type: null;
  readonly unit: 'mmol/L';
  /** From `value_mg_per_dl`, rounded to five decimals (units.ts). */
  readonly value: number;
  /** As measured; 39 and 401 mean below and above the sensor's range. */
  readonly value_mg_per_dl: number;
  readonly out_of_range: 'low' | 'high' | null;
  /** Dexcom's word, whichever it is. */
  readonly trend: string | null;
  readonly trend_rate_mg_per_dl_per_min: number | null;
  readonly status: string | null;
  readonly record_id: string;
  /** When it was measured, to the millisecond: `2026-11-22T08:05:12.438Z`. */
  readonly system_time: string;
  /** The clock the person saw: with its offset where that is known, else without. Null if Dexcom sent none that can be read. */
  readonly display_time: string | null;
  /** Seconds since the transmitter started. */
  readonly transmitter_ticks: number | null;
  readonly device: SampleDevice;
  /** The same measurement as another device of the person's reported it. */
  readonly also_reported: readonly AlsoReported[];
}

export interface SampleDevice {
  /** Dexcom's hash; changes with each sensor (G7) or transmitter (G6). */
  readonly transmitter_id: string | null;
  readonly transmitter_generation: string | null;
  readonly transmitter_generation_variant: string | null;
  readonly display_device: string | null;
  readonly display_app: string | null;
}

export interface AlsoReported {
  readonly record_id: string;
  readonly system_time: string;
  readonly value_mg_per_dl: number | null;
  readonly display_device: string | null;
}

export function toSample(reading: MeasuredReading): GlucoseSample {
  const { at, mgPerDl, device } = reading;
  const systemTime = new Date(at).toISOString();
  return {
    id: null,
    timestamp: `${systemTime.slice(0, 19)}+00:00`,
    timezone_offset: reading.utcOffsetSeconds,
    type: null,
    unit: 'mmol/L',
    value: toMmolPerL(mgPerDl),
    value_mg_per_dl: mgPerDl,
    out_of_range: outOfRange(mgPerDl),
    trend: reading.trend,
    trend_rate_mg_per_dl_per_min: reading.trendRateMgPerDlPerMin,
    status: reading.status,
    record_id: reading.recordId,
    system_time: systemTime,
    display_time: displayTime(reading),
    transmitter_ticks: reading.transmitterTicks,
    device: toSampleDevice(device),
    also_reported: alsoReported(reading),
  };
}

export const toSampleDevice = (device: ReadingDevice): SampleDevice => ({
  transmitter_id: device.transmitterId,
  transmitter_generation: device.generation,
  transmitter_generation_variant: device.variant,
  display_device: device.displayDevice,
  display_app: device.displayApp,
});

export const alsoReported = ({ twins }: Reading): readonly AlsoReported[] =>
  twins.map((twin) => ({
    record_id: twin.recordId,
    system_time: new Date(twin.at).toISOString(),
    value_mg_per_dl: twin.mgPerDl,
    display_device: twin.device.displayDevice,
  }));

export function displayTime({ at, utcOffsetSeconds, rawTimes }: Pick<Reading, 'at' | 'utcOffsetSeconds' | 'rawTimes'>): string | null {
  const shownAt = rawTimes ? rawTimes.displayAt : utcOffsetSeconds === null ? null : at + utcOffsetSeconds * 1000;
  if (shownAt === null) return null;
  const clock = new Date(shownAt).toISOString().slice(0, 19);
  return utcOffsetSeconds === null ? clock : clock + zone(utcOffsetSeconds);
}

function zone(offsetSeconds: number): string {
  const minutes = Math.round(Math.abs(offsetSeconds) / 60);
  const pad = (part: number): string => String(part).padStart(2, '0');
  return `${offsetSeconds < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
