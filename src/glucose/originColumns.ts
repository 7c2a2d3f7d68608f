import type { ColumnReader, ColumnWriter } from './columns';
import { readRawTimes, writeRawTimes } from './rawTimeColumns';
import type { RawTimes, ReadingOrigin, StoredReading, TwinOrigin } from './reading';
import { type RecordIds, readRecordIds, writeRecordIds } from './recordIdColumns';
import type { Vocabulary } from './vocabulary';

/** Ten times finer than Dexcom's tenths, at the same price. */
export const RATE_STEPS = 100;
const LARGEST = 2 ** 46;

/** Whether the columns give exactly this record back; what does not fit is kept as it is. */
export function fitsColumns(origin: ReadingOrigin, dayStart: number): boolean {
  const { at, mgPerDl, trendRateMgPerDlPerMin: rate, utcOffsetSeconds, transmitterTicks, rawTimes } = origin;
  return (
    isWhole(at) &&
    isWhole(at - dayStart) &&
    (mgPerDl === null || isWhole(mgPerDl)) &&
    (utcOffsetSeconds === null || (isWhole(utcOffsetSeconds) && isWhole(utcOffsetSeconds * 1000))) &&
    (transmitterTicks === null || isWhole(transmitterTicks)) &&
    (rate === null || (isWhole(rateSteps(rate)) && rateSteps(rate) / RATE_STEPS === rate)) &&
    (rawTimes === null || rawTimes.displayAt === null || isWhole(rawTimes.displayAt))
  );
}

/** Minus zero is none: columns know one zero. */
const isWhole = (value: number): boolean =>
  Number.isInteger(value) && value <= LARGEST && value >= -LARGEST && (value !== 0 || 1 / value > 0);
const rateSteps = (rate: number): number => Math.round(rate * RATE_STEPS);
const seconds = (at: number): number => Math.floor(at / 1000);

/** Writes `origins`, all of which fit. @returns the record ids that are UUIDs, 16 bytes each */
export function writeOrigins(out: ColumnWriter, origins: readonly ReadingOrigin[], dayStart: number, vocabulary: Vocabulary): Uint8Array {
  const count = origins.length;
  const [times, values, rates, offsets, ticks] = [
    out.column(count),
    out.column(count),
    out.column(count),
    out.column(count),
    out.column(count),
  ];
  let isWholeSeconds = true;
  let row = 0;
  // One walk over the records for all that are numbers: each is an object of its own, somewhere in memory.
  for (const { at, mgPerDl, trendRateMgPerDlPerMin: rate, utcOffsetSeconds, transmitterTicks } of origins) {
    times[row] = at - dayStart;
    if ((at - dayStart) % 1000 !== 0) isWholeSeconds = false;
    values[row] = mgPerDl ?? Number.NaN;
    rates[row] = rate === null ? Number.NaN : rateSteps(rate);
    offsets[row] = utcOffsetSeconds ?? Number.NaN;
    // A transmitter's seconds run beside the clock's: what is left is a constant, give or take one.
    ticks[row] = transmitterTicks === null ? Number.NaN : transmitterTicks - seconds(at);
    row++;
  }

  // Most sensors' times are whole seconds: a byte less for each.
  const unitMs = isWholeSeconds ? 1000 : 1;
  for (let i = 0; i < count; i++) times[i] = (times[i] ?? 0) / unitMs;
  out.unsigned(unitMs);
  out.evenDeltas(times);
  out.deltas(out.presence(values));
  out.runs(out.columnOf(origins, ({ trend }) => vocabulary.wordNumber(trend)));
  out.deltas(out.presence(rates));
  out.runs(out.columnOf(origins, ({ status }) => vocabulary.wordNumber(status)));
  out.runs(out.presence(offsets));
  out.deltas(out.presence(ticks));
  out.runs(out.columnOf(origins, ({ device }) => vocabulary.deviceNumber(device)));
  writeRawTimes(out, origins, vocabulary);
  return writeRecordIds(out, origins, vocabulary);
}

/** Records by row, a list for each of their fields. */
export interface OriginColumns {
  /** Unix milliseconds. */
  readonly dayStart: number;
  /** Milliseconds from there. */
  readonly sinceMidnight: readonly number[];
  readonly values: readonly (number | null)[];
  /** Words by number; below zero is none. */
  readonly trends: readonly number[];
  readonly statuses: readonly number[];
  /** mg/dL a minute, times `RATE_STEPS`. */
  readonly rates: readonly (number | null)[];
  readonly offsets: readonly (number | null)[];
  /** What the transmitter's seconds are over the clock's, cut off. */
  readonly ticksOver: readonly (number | null)[];
  /** By number. */
  readonly devices: readonly number[];
  /** Empty if no record has any. */
  readonly rawTimes: readonly (RawTimes | null)[];
  readonly recordIds: RecordIds;
  readonly vocabulary: Vocabulary;
}

/** @throws RangeError where the columns end too soon */
export function readOrigins(from: ColumnReader, count: number, dayStart: number, ids: Uint8Array, vocabulary: Vocabulary): OriginColumns {
  const unitMs = from.unsigned();
  const sinceMidnight = from.evenDeltas(count);
  if (unitMs !== 1) for (let row = 0; row < count; row++) sinceMidnight[row] = (sinceMidnight[row] ?? 0) * unitMs;
  const values = from.optional(count, (present) => from.deltas(present));
  const trends = from.runs(count);
  const rates = from.optional(count, (present) => from.deltas(present));
  const statuses = from.runs(count);
  const offsets = from.optional(count, (present) => from.runs(present));
  const ticksOver = from.optional(count, (present) => from.deltas(present));
  const devices = from.runs(count);
  const rawTimes = readRawTimes(from, { dayStart, sinceMidnight, offsets }, vocabulary);
  const recordIds = readRecordIds(from, count, ids, vocabulary);
  return { dayStart, sinceMidnight, values, trends, statuses, rates, offsets, ticksOver, devices, rawTimes, recordIds, vocabulary };
}

/** A record on its way to become a reading or a twin: filled in where it stands, for thousands of copies cost more than reading them. */
export interface Row extends ReadingOrigin {
  twins: readonly TwinOrigin[];
  mark: StoredReading['mark'];
  change: StoredReading['change'];
}

export const NO_TWINS: readonly TwinOrigin[] = [];

/** @returns a row that nothing but its record is known of yet. @throws RangeError if it names what the day does not have */
export function rowAt(columns: OriginColumns, row: number): Row {
  const { vocabulary } = columns;
  return {
    at: timeAt(columns, row),
    mgPerDl: columns.values[row] ?? null,
    recordId: columns.recordIds.at(row),
    trend: vocabulary.word(columns.trends[row]),
    trendRateMgPerDlPerMin: rateAt(columns, row),
    status: vocabulary.word(columns.statuses[row]),
    utcOffsetSeconds: columns.offsets[row] ?? null,
    rawTimes: columns.rawTimes[row] ?? null,
    device: vocabulary.device(columns.devices[row]),
    transmitterTicks: ticksAt(columns, row),
    twins: NO_TWINS,
    mark: 0,
    change: 'none',
  };
}

/** Unix milliseconds. */
export const timeAt = ({ dayStart, sinceMidnight }: OriginColumns, row: number): number => dayStart + (sinceMidnight[row] ?? 0);

export function rateAt({ rates }: OriginColumns, row: number): number | null {
  const steps = rates[row] ?? null;
  return steps === null ? null : steps / RATE_STEPS;
}

export function ticksAt(columns: OriginColumns, row: number): number | null {
  const over = columns.ticksOver[row] ?? null;
  return over === null ? null : over + seconds(timeAt(columns, row));
}
