import { hash } from 'node:crypto';
import { CsvError, parse } from 'csv-parse/sync';
import type { Rhythm } from '../people/pace';
import { type Columns, findColumns } from './columns';
import { readRow } from './readRow';
import type { RecordedReading, Recording } from './recording';

const MOST_LINES_BEFORE_HEADER = 20;

/** A line that says it is a reading and cannot be read. */
export interface Unreadable {
  /** As an editor counts: the header is line 1. */
  readonly line: number;
  readonly reason: string;
}

export interface ParsedClarity {
  readonly recording: Recording;
  readonly unreadable: readonly Unreadable[];
}

/**
 * Reads a Clarity export (dexcom-api.md §7): any order of columns, a byte-order mark, quotes in odd places, ragged rows, `Low` and `High`.
 * Rows that are no EGV are passed over.
 * @param zone IANA zone of the file's clock, which writes no offset
 * @throws Error in words for people if there is no header or no reading in it
 */
export function parseClarity(text: string, zone: string): ParsedClarity {
  const { lines, columns } = findHeader(text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/));
  const id = hash('sha256', text, 'hex').slice(0, 16);
  const rows: RecordedReading[] = [];
  const unreadable: Unreadable[] = [];
  for (const { record, line } of lines) {
    const row = readRow(record, columns, { recordingId: id, zone, previousAt: rows.at(-1)?.recordedAt ?? null });
    if (typeof row === 'string') unreadable.push({ line, reason: row });
    else if (row) rows.push(row);
  }

  const sorted = rows.toSorted((a, b) => a.recordedAt - b.recordedAt);
  if (sorted.length === 0)
    throw new Error(`No reading in the export${unreadable[0] ? `: line ${unreadable[0].line}: ${unreadable[0].reason}` : ''}`);
  return { recording: { id: `${id}-${zone}`, rows: withTicks(sorted), rhythm: rhythmOf(sorted) }, unreadable };
}

interface Row {
  readonly record: readonly string[];
  readonly line: number;
}

/** Exports differ by locale: commas, semicolons or tabs. @returns the columns and the rows behind the header */
function findHeader(lines: readonly string[]): { columns: Columns; lines: Row[] } {
  for (const delimiter of [',', ';', '\t']) {
    const split = (content: string): readonly string[] => splitRow(content, delimiter);
    for (const [n, content] of lines.slice(0, MOST_LINES_BEFORE_HEADER).entries()) {
      const columns = findColumns(split(content));
      if (columns)
        return {
          columns,
          lines: lines.flatMap((text, at) => (at > n && text.trim() !== '' ? [{ record: split(text), line: at + 1 }] : [])),
        };
    }
  }
  throw new Error('Not a Clarity export: no header line with "Timestamp", "Event Type" and "Glucose Value"');
}

/** Line by line: one row with a stray quote must not swallow those behind it. */
function splitRow(content: string, delimiter: string): readonly string[] {
  const record = parseRow(content, delimiter);
  const [only = ''] = record;
  // Some exports put one pair of quotes around the whole line.
  return record.length === 1 && only.includes(delimiter) ? splitRow(only, delimiter) : record;
}

function parseRow(content: string, delimiter: string): readonly string[] {
  const format = { delimiter, relax_quotes: true, relax_column_count: true, trim: true };
  try {
    return firstOf(parse(content, format));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // A quote that never ends is a character like any other.
    return firstOf(parse(content, { ...format, quote: false }));
  }
}

const firstOf = ([record = []]: readonly string[][]): readonly string[] => record;

/** Where the file has no transmitter clock, it started with the first reading. */
function withTicks(rows: readonly RecordedReading[]): RecordedReading[] {
  const start = rows[0]?.recordedAt ?? 0;
  return rows.map((row) => (row.transmitterTicks >= 0 ? row : { ...row, transmitterTicks: Math.round((row.recordedAt - start) / 1_000) }));
}

function rhythmOf(rows: readonly RecordedReading[]): Rhythm {
  const start = rows[0]?.recordedAt ?? 0;
  const offsets = rows.map(({ recordedAt }) => recordedAt - start);
  const gaps = offsets
    .slice(1)
    .map((offset, n) => offset - (offsets[n] ?? 0))
    .toSorted((a, b) => a - b);
  const usualGapMs = gaps[gaps.length >> 1] ?? 300_000;
  return { offsets, roundMs: (offsets.at(-1) ?? 0) + Math.max(usualGapMs, 1_000) };
}
