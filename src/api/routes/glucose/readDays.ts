import { appOf } from '../../../connect/appOf';
import { byConsent } from '../../../connect/consentOrder';
import { openDay } from '../../../glucose/dayCodec';
import { hasRepeats } from '../../../glucose/hasRepeats';
import { oncePerMeasurement } from '../../../glucose/oncePerMeasurement';
import { idHashOf } from '../../../glucose/packedReading';
import type { Reading } from '../../../glucose/reading';
import { type ClosedDay, dayIds, dayStart, type GlucoseDays } from '../../../storage/glucoseDays';
import type { ReadableConnection } from './readAhead';
import { mayRepeat, takeWhole, type WholeDays } from './takeWhole';
import type { WrittenDay } from './writtenDay';

const DAY_MS = 86_400_000;
/** A fortnight that begins at any hour touches fifteen days. */
const DAYS_PER_READ = 15;

/** `[from, to)`, Unix milliseconds. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The connection that has a reading: record ids are Dexcom's, and two connections of one person may have the same. */
export type OwnerOf = (reading: Reading) => string;

/** The readings of other connections that a reading is shown in place of: the same measurement, by another app of Dexcom's. */
export type HiddenBy = (reading: Reading) => readonly Reading[];

export interface ReadDays {
  /** Sorted by time, each record id of a connection once, each measurement of several connections once. */
  readonly readings: readonly Reading[];
  /** Days whose readings are not among these, by time: of a person with one connection, who has no record id twice. */
  readonly whole: readonly WrittenDay[];
  /** Of hidden ones too. */
  readonly ownerOf: OwnerOf;
  readonly hiddenBy: HiddenBy;
  /** Everything before this has been read; null: there is no more. Unix milliseconds. */
  readonly readUntil: number | null;
}

/**
 * The first days of `[from, to)` that hold a reading, about a page's worth: one read by `_id` where there are any, one more for each gap.
 * @param atLeast as many readings are looked for, if a fortnight has them; of each connection no more than a day beyond them is unpacked
 * @param takingWhole which days may be taken as they were written before; null: none
 */
export async function readDays(
  glucoseDays: GlucoseDays,
  connections: readonly ReadableConnection[],
  { from, to }: { readonly from: number; readonly to: number | null },
  atLeast: number,
  takingWhole: WholeDays | null,
): Promise<ReadDays> {
  const end = Math.min(to ?? Infinity, latestOf(connections));

  for (let begin = from; begin < end; ) {
    const span = { from: begin, to: Math.min(end, (Math.floor(begin / DAY_MS) + DAYS_PER_READ) * DAY_MS) };
    const { readUntil, ...found } = await readSpan(
      glucoseDays,
      connections,
      span,
      atLeast,
      takingWhole && { ...takingWhole, edgeMs: span.to < end ? takingWhole.edgeMs : 0 },
    );
    if (found.readings.length + found.whole.length > 0) return { ...found, readUntil: readUntil < end ? readUntil : null };
    begin = Math.max(readUntil, await nextDay(glucoseDays, connections, readUntil));
  }
  return nothing;
}

async function readSpan(
  glucoseDays: GlucoseDays,
  connections: readonly ReadableConnection[],
  span: Span,
  atLeast: number,
  takingWhole: WholeDays | null,
): Promise<ReadDays & { readonly readUntil: number }> {
  const [only, ...others] = await Promise.all(connections.map((connection) => findOne(glucoseDays, connection, span)));
  if (!only) return { ...nothing, readUntil: span.to };
  if (others.length > 0) {
    const all = [only, ...others].map((found) => openOne(found, span, atLeast));
    return together(all.sort((a, b) => byConsent(b.connection, a.connection)));
  }
  const { _id } = only.connection;
  const read = (takingWhole && openRest(only, span, takingWhole)) ?? { ...openOne(only, span, atLeast), whole: [] };
  return { ...read, ownerOf: () => _id, hiddenBy: nothingHidden };
}

/** Several connections' as one. @param all the one consented to last first: its readings are shown where others have them too */
function together(all: readonly ReadOne[]): ReadDays & { readonly readUntil: number } {
  const readUntil = Math.min(...all.map((one) => one.readUntil));
  const owners = new Map(all.flatMap(({ connection, readings }) => readings.map((reading) => [reading, connection._id] as const)));
  const shown = oncePerMeasurement(all.map(({ connection, readings }) => ({ app: appOf(connection), readings })));
  const readings = [...shown.keys()].filter(({ at }) => at < readUntil).sort((a, b) => a.at - b.at);
  return {
    readings,
    whole: [],
    readUntil,
    ownerOf: (reading) => owners.get(reading) ?? '',
    hiddenBy: (reading) => shown.get(reading) ?? [],
  };
}

/** One connection's days of a span, not unpacked yet. */
interface FoundDays {
  readonly connection: ReadableConnection;
  readonly days: readonly ClosedDay[];
  /** What of them is wanted. */
  readonly wanted: Span;
}

async function findOne(glucoseDays: GlucoseDays, connection: ReadableConnection, span: Span): Promise<FoundDays> {
  const { _id, teamId, bounds } = connection;
  const wanted = { from: Math.max(span.from, bounds?.from ?? -Infinity), to: Math.min(span.to, bounds?.to ?? Infinity) };
  const ids = dayIds(_id, { from: wanted.from, to: Math.max(wanted.from, wanted.to) });
  return { connection, days: await glucoseDays.readClosed(teamId, ids), wanted };
}

/** Those days that were written before as they are, the rest unpacked. @returns null where that is not to be had */
function openRest(
  { days, wanted }: FoundDays,
  span: Span,
  takingWhole: WholeDays,
): (Pick<ReadOne, 'readings' | 'readUntil'> & Pick<ReadDays, 'whole'>) | null {
  const settled = { from: Math.max(wanted.from, takingWhole.from), to: Math.min(wanted.to, span.to - takingWhole.edgeMs) };
  const whole = takeWhole(days, settled, takingWhole);
  if (whole.length === 0) return null;

  const taken = new Set(whole.map(({ _id }) => _id));
  const readings = days.flatMap((day) => (taken.has(day._id) ? [] : opened(day, wanted)));
  if (mayRepeat(whole, Int32Array.from(readings, idHashOf))) return null;
  return { readings, whole, readUntil: span.to };
}

type ReadOne = ReturnType<typeof openOne>;

/** One connection's, by time. */
function openOne({ connection, days, wanted }: FoundDays, span: Span, atLeast: number) {
  const found: Reading[] = [];
  let readUntil = span.to;
  for (const day of days) {
    found.push(...opened(day, wanted));
    if (found.length < atLeast) continue;
    readUntil = Math.min(span.to, dayStart(day._id) + DAY_MS);
    break;
  }
  // A reading whose time is corrected over midnight stands in both days for a moment.
  const readings = hasRepeats(found, idHashOf) ? [...new Map(found.map((reading) => [reading.recordId, reading])).values()] : found;
  return { connection, readings, readUntil };
}

/** Sorted by time: of most days all are wanted, and none need be asked but the first and the last. */
function opened({ _id, packed }: ClosedDay, { from, to }: Span): readonly Reading[] {
  const readings = openDay(dayStart(_id), packed);
  const [first, last] = [readings[0], readings.at(-1)];
  if (first && last && first.at >= from && last.at < to) return readings;
  return readings.filter(({ at }) => at >= from && at < to);
}

const nothingHidden: HiddenBy = () => [];
const nothing: ReadDays = { readings: [], whole: [], ownerOf: () => '', hiddenBy: nothingHidden, readUntil: null };

/** Where the next day begins that has a reading of any of them; Infinity if none has. */
async function nextDay(glucoseDays: GlucoseDays, connections: readonly ReadableConnection[], from: number): Promise<number> {
  const next = await Promise.all(connections.map((connection) => glucoseDays.nextWithReadings(connection, from)));
  return Math.min(...next.map((id) => (id === null ? Infinity : dayStart(id))));
}

/** After this these connections have no readings; a day more, for clocks that were corrected. */
const latestOf = (connections: readonly ReadableConnection[]): number =>
  Math.max(Date.now(), ...connections.map(({ newestReadingAt }) => newestReadingAt ?? 0)) + DAY_MS;
