import { appOf } from '../../../connect/appOf';
import { byConsent } from '../../../connect/consentOrder';
import { hasRepeats } from '../../../glucose/hasRepeats';
import { oncePerMeasurement } from '../../../glucose/oncePerMeasurement';
import { PackedReading } from '../../../glucose/packedReading';
import type { Reading } from '../../../glucose/reading';
import { idHash } from '../../../glucose/recordIdColumns';
import { dayIds, dayStart, type GlucoseDays } from '../../../storage/glucoseDays';
import type { ReadableConnection } from './readAhead';

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
  /** Of hidden ones too. */
  readonly ownerOf: OwnerOf;
  readonly hiddenBy: HiddenBy;
  /** Everything before this has been read; null: there is no more. Unix milliseconds. */
  readonly readUntil: number | null;
}

/**
 * The first days of `[from, to)` that hold a reading, about a page's worth: one read by `_id` where there are any, one more for each gap.
 * @param atLeast as many readings are looked for, if a fortnight has them; of each connection no more than a day beyond them is unpacked
 */
export async function readDays(
  glucoseDays: GlucoseDays,
  connections: readonly ReadableConnection[],
  { from, to }: { readonly from: number; readonly to: number | null },
  atLeast: number,
): Promise<ReadDays> {
  const end = Math.min(to ?? Infinity, latestOf(connections));

  for (let begin = from; begin < end; ) {
    const span = { from: begin, to: Math.min(end, (Math.floor(begin / DAY_MS) + DAYS_PER_READ) * DAY_MS) };
    const { readUntil, ...found } = await readSpan(glucoseDays, connections, span, atLeast);
    if (found.readings.length > 0) return { ...found, readUntil: readUntil < end ? readUntil : null };
    begin = Math.max(readUntil, await nextDay(glucoseDays, connections, readUntil));
  }
  return nothing;
}

async function readSpan(
  glucoseDays: GlucoseDays,
  connections: readonly ReadableConnection[],
  span: Span,
  atLeast: number,
): Promise<ReadDays & { readonly readUntil: number }> {
  const [only, ...others] = await Promise.all(connections.map((connection) => readOne(glucoseDays, connection, span, atLeast)));
  if (!only) return { ...nothing, readUntil: span.to };
  if (others.length === 0) return { ...only, ownerOf: () => only.connectionId, hiddenBy: nothingHidden };
  return together([only, ...others].sort((a, b) => byConsent(b.connection, a.connection)));
}

/** Several connections' as one. @param all the one consented to last first: its readings are shown where others have them too */
function together(all: readonly ReadOne[]): ReadDays & { readonly readUntil: number } {
  const readUntil = Math.min(...all.map((one) => one.readUntil));
  const owners = new Map(all.flatMap(({ connectionId, readings }) => readings.map((reading) => [reading, connectionId] as const)));
  const shown = oncePerMeasurement(all.map(({ connection, readings }) => ({ app: appOf(connection), readings })));
  const readings = [...shown.keys()].filter(({ at }) => at < readUntil).sort((a, b) => a.at - b.at);
  return { readings, readUntil, ownerOf: (reading) => owners.get(reading) ?? '', hiddenBy: (reading) => shown.get(reading) ?? [] };
}

type ReadOne = Awaited<ReturnType<typeof readOne>>;

/** One connection's, by time. */
async function readOne(glucoseDays: GlucoseDays, connection: ReadableConnection, span: Span, atLeast: number) {
  const { _id: connectionId, teamId, bounds } = connection;
  const [from, to] = [Math.max(span.from, bounds?.from ?? -Infinity), Math.min(span.to, bounds?.to ?? Infinity)];
  const found: Reading[] = [];
  let readUntil = span.to;
  for (const day of await glucoseDays.open(teamId, dayIds(connectionId, { from, to: Math.max(from, to) }))) {
    found.push(...within(day.readings, from, to));
    if (found.length < atLeast) continue;
    readUntil = Math.min(span.to, dayStart(day._id) + DAY_MS);
    break;
  }
  // A reading whose time is corrected over midnight stands in both days for a moment.
  const readings = hasRepeats(found, hashOf) ? [...new Map(found.map((reading) => [reading.recordId, reading])).values()] : found;
  return { connection, connectionId, readings, readUntil };
}

/** @param readings sorted by time: of most days all are wanted, and none need be asked but the first and the last */
function within(readings: readonly Reading[], from: number, to: number): readonly Reading[] {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first && last && first.at >= from && last.at < to) return readings;
  return readings.filter(({ at }) => at >= from && at < to);
}

const hashOf = (reading: Reading): number => (reading instanceof PackedReading ? reading.idHash() : idHash(reading.recordId));

const nothingHidden: HiddenBy = () => [];
const nothing: ReadDays = { readings: [], ownerOf: () => '', hiddenBy: nothingHidden, readUntil: null };

/** Where the next day begins that has a reading of any of them; Infinity if none has. */
async function nextDay(glucoseDays: GlucoseDays, connections: readonly ReadableConnection[], from: number): Promise<number> {
  const next = await Promise.all(connections.map((connection) => glucoseDays.nextWithReadings(connection, from)));
  return Math.min(...next.map((id) => (id === null ? Infinity : dayStart(id))));
}

/** After this these connections have no readings; a day more, for clocks that were corrected. */
const latestOf = (connections: readonly ReadableConnection[]): number =>
  Math.max(Date.now(), ...connections.map(({ newestReadingAt }) => newestReadingAt ?? 0)) + DAY_MS;
