import type { ColumnReader, ColumnWriter } from './columns';
import { readRawTimes, writeRawTimes } from './rawTimeColumns';
import type { ReadingOrigin, StoredReading, TwinOrigin } from './reading';
import { readRecordIds, writeRecordIds } from './recordIdColumns';
import type { Vocabulary } from './vocabulary';

/** Ten times finer than Dexcom's tenths, at the same price. */
const RATE_STEPS = 100;
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

/** A record on its way to become a reading or a twin: filled in where it stands, for thousands of copies cost more than reading them. */
export interface Row extends ReadingOrigin {
  twins: readonly TwinOrigin[];
  mark: StoredReading['mark'];
  change: StoredReading['change'];
}

const NO_TWINS: readonly TwinOrigin[] = [];

/** @returns rows that nothing but their record is known of yet */
export function readOrigins(from: ColumnReader, count: number, dayStart: number, ids: Uint8Array, vocabulary: Vocabulary): Row[] {
  const unitMs = from.unsigned();
  const times = from.evenDeltas(count).map((time) => dayStart + time * unitMs);
  const values = from.optional(count, (present) => from.deltas(present));
  const trends = from.runs(count);
  const rates = from.optional(count, (present) => from.deltas(present));
  const statuses = from.runs(count);
  const offsets = from.optional(count, (present) => from.runs(present));
  const ticks = from.optional(count, (present) => from.deltas(present));
  const devices = from.runs(count);
  const rawTimes = readRawTimes(from, times, offsets, vocabulary);
  const recordIds = readRecordIds(from, count, ids, vocabulary);

  return times.map((at, i) => {
    const rate = rates[i] ?? null;
    const sinceStart = ticks[i] ?? null;
    return {
      at,
      mgPerDl: values[i] ?? null,
      recordId: recordIds[i] ?? '',
      trend: vocabulary.word(trends[i]),
      trendRateMgPerDlPerMin: rate === null ? null : rate / RATE_STEPS,
      status: vocabulary.word(statuses[i]),
      utcOffsetSeconds: offsets[i] ?? null,
      rawTimes: rawTimes[i] ?? null,
      device: vocabulary.device(devices[i]),
      transmitterTicks: sinceStart === null ? null : sinceStart + seconds(at),
      twins: NO_TWINS,
      mark: 0,
      change: 'none',
    };
  });
}
