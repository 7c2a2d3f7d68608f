import { Binary } from 'mongodb';
import { ColumnReader, ColumnWriter } from './columns';
import { fitsColumns, NO_TWINS, type Row, readOrigins, rowAt, writeOrigins } from './originColumns';
import { PackedReading } from './packedReading';
import type { Reading, ReadingOrigin, StoredReading, TwinOrigin } from './reading';
import { Vocabulary } from './vocabulary';

/**
 * A day's readings as `glucose_days` stores them: `encodeDay` and `decodeDay` are the only ones to look inside. A reading and its twins are
 * consecutive rows of columns. About 22 bytes a reading, 16 of them its record id.
 */
export interface PackedDay {
  readonly format: 1;
  /** Readings; twins not counted. */
  readonly count: number;
  readonly columns: Binary;
  /** 16 bytes for each record id that is a UUID. */
  readonly ids: Binary;
  readonly words: string[];
  readonly devices: (readonly (string | null)[])[];
  /** Record ids and times that no column can tell. */
  readonly texts: string[];
  /** Rows that fit no column, whole. */
  readonly odd: readonly { readonly row: number; readonly origin: ReadingOrigin }[];
}

const CHANGES = ['none', 'created', 'updated'] as const;

/** For every day: encoding one waits for nothing. */
const out = new ColumnWriter();

/** @param dayStart the day's midnight UTC, Unix milliseconds */
export function encodeDay(dayStart: number, readings: readonly StoredReading[]): PackedDay {
  const rows = rowsOf(readings);
  const fits = (origin: ReadingOrigin): boolean => fitsColumns(origin, dayStart);
  const fitting = rows.every(fits) ? rows : rows.filter(fits);
  const vocabulary = new Vocabulary();

  out.begin();
  out.runs(out.columnOf(readings, ({ twins }) => twins.length));
  const twins = readings.length === rows.length ? [] : readings.flatMap((reading) => reading.twins);
  out.runs(out.columnOf(twins, ({ announced }) => Number(announced)));
  out.deltas(out.presence(out.columnOf(twins, ({ announcedMgPerDl }) => announcedMgPerDl ?? Number.NaN)));
  // Live, each reading's version is one more than the last one's.
  out.evenRuns(out.columnOf(readings, ({ mark }) => mark));
  out.runs(out.columnOf(readings, ({ change }) => CHANGES.indexOf(change)));
  const ids = writeOrigins(out, fitting, dayStart, vocabulary);

  return {
    format: 1,
    count: readings.length,
    columns: new Binary(out.finish()),
    ids: new Binary(ids),
    words: vocabulary.words,
    devices: vocabulary.deviceFields,
    texts: vocabulary.texts,
    odd: fitting === rows ? [] : rows.flatMap((origin, row) => (fits(origin) ? [] : [{ row, origin: bare(origin) }])),
  };
}

/** The inverse of `encodeDay`, exactly. @throws RangeError if `packed` is of another format or damaged */
export function decodeDay(dayStart: number, packed: PackedDay): StoredReading[] {
  const day = unpack(dayStart, packed);
  const rows = Array.from({ length: day.origins.sinceMidnight.length }, (_, row) => rowAt(day.origins, row));
  for (const { row, origin } of packed.odd) rows.splice(row, 0, { ...origin, twins: [], mark: 0, change: 'none' });

  let nextRow = 0;
  let nextTwin = 0;
  return day.twinCounts.map((twinCount, i) => {
    const reading = existing(rows[nextRow++]);
    reading.mark = day.marks[i] ?? 0;
    reading.change = CHANGES[day.changes[i] ?? 0] ?? 'none';
    if (twinCount > 0) reading.twins = rows.slice(nextRow, nextRow + twinCount).map((row, n) => twinOf(day, row, nextTwin + n));
    nextRow += twinCount;
    nextTwin += twinCount;
    return reading;
  });
}

/** The readings of a day for who writes them down, and keeps and changes none: they stay in their columns. @throws as `decodeDay` */
export function openDay(dayStart: number, packed: PackedDay): readonly Reading[] {
  if (packed.odd.length > 0) return decodeDay(dayStart, packed);
  const day = unpack(dayStart, packed);

  let nextRow = 0;
  let nextTwin = 0;
  return day.twinCounts.map((twinCount) => {
    const row = nextRow;
    nextRow += 1 + twinCount;
    if (twinCount === 0) return new PackedReading(day.origins, row, NO_TWINS);
    const twins = Array.from({ length: twinCount }, (_, n) => twinOf(day, rowAt(day.origins, row + 1 + n), nextTwin + n));
    nextTwin += twinCount;
    return new PackedReading(day.origins, row, twins);
  });
}

type UnpackedDay = ReturnType<typeof unpack>;

function unpack(dayStart: number, packed: PackedDay) {
  if (packed.format !== 1) throw new RangeError(`A packed day of format ${packed.format}: written by a newer version`);
  const columns = new ColumnReader(bytesOf(packed.columns));
  const twinCounts = columns.runs(packed.count);
  const twinTotal = twinCounts.reduce((sum, twins) => sum + twins, 0);
  const announced = columns.runs(twinTotal);
  const announcedMgPerDl = columns.optional(twinTotal, (present) => columns.deltas(present));
  const marks = columns.evenRuns(packed.count);
  const changes = columns.runs(packed.count);

  const vocabulary = new Vocabulary(packed.words, packed.devices, packed.texts);
  const origins = readOrigins(columns, packed.count + twinTotal - packed.odd.length, dayStart, bytesOf(packed.ids), vocabulary);
  return { twinCounts, announced, announcedMgPerDl, marks, changes, origins };
}

const twinOf = ({ announced, announcedMgPerDl }: UnpackedDay, origin: ReadingOrigin, twin: number): TwinOrigin => ({
  ...bare(origin),
  announced: announced[twin] === 1,
  announcedMgPerDl: announcedMgPerDl[twin] ?? null,
});

function rowsOf(readings: readonly StoredReading[]): readonly ReadingOrigin[] {
  if (readings.every(({ twins }) => twins.length === 0)) return readings;
  const rows: ReadingOrigin[] = [];
  for (const reading of readings) rows.push(reading, ...reading.twins);
  return rows;
}

function existing(row: Row | undefined): Row {
  if (!row) throw new RangeError('A packed day has fewer rows than readings');
  return row;
}

/** The record alone, without what a day adds to it. */
function bare(origin: ReadingOrigin): ReadingOrigin {
  const { at, mgPerDl, recordId, trend, trendRateMgPerDlPerMin, status, utcOffsetSeconds, rawTimes, device, transmitterTicks } = origin;
  return { at, mgPerDl, recordId, trend, trendRateMgPerDlPerMin, status, utcOffsetSeconds, rawTimes, device, transmitterTicks };
}

/** What a field of binary data holds. */
export const bytesOf = (binary: Binary): Uint8Array => binary.buffer.subarray(0, binary.position);
