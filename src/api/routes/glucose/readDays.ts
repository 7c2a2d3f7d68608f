import { hasRepeats } from '../../../glucose/hasRepeats';
import type { StoredReading } from '../../../glucose/reading';
import { dayIds, type GlucoseDays } from '../../../storage/glucoseDays';
import type { ReadableConnection } from './readAhead';

const DAY_MS = 86_400_000;
/** A fortnight that begins at any hour touches fifteen days. */
const DAYS_PER_PAGE = 15;
/** Nothing was found: what is looked through at once then, so that a sensor put away for years costs few reads. */
const DAYS_PER_EMPTY_READ = 60;

export interface ReadDays {
  /** Sorted by time, each record id once. */
  readonly readings: readonly StoredReading[];
  /** Everything before this has been read; null: there is no more. Unix milliseconds. */
  readonly readUntil: number | null;
}

/** The first days of `[from, to)` that hold a reading, a page's worth: one read by `_id` where there are any. */
export async function readDays(
  glucoseDays: GlucoseDays,
  connections: readonly ReadableConnection[],
  { from, to }: { readonly from: number; readonly to: number | null },
): Promise<ReadDays> {
  const known = knownSpan(connections);
  const end = Math.min(to ?? Infinity, known.to);
  let days = DAYS_PER_PAGE;

  for (let begin = Math.max(from, known.from); begin < end; days = DAYS_PER_EMPTY_READ) {
    const until = Math.min(end, (Math.floor(begin / DAY_MS) + days) * DAY_MS);
    const readings = await readSpan(glucoseDays, connections, { from: begin, to: until });
    if (readings.length > 0) return { readings, readUntil: until < end ? until : null };
    begin = until;
  }
  return { readings: [], readUntil: null };
}

async function readSpan(
  glucoseDays: GlucoseDays,
  connections: readonly ReadableConnection[],
  span: { readonly from: number; readonly to: number },
): Promise<readonly StoredReading[]> {
  const [teamId] = connections.map((connection) => connection.teamId);
  if (teamId === undefined) return [];
  const days = await glucoseDays.read(
    teamId,
    connections.flatMap(({ _id }) => dayIds(_id, span)),
  );

  const found = days.flatMap(({ readings }) => readings.filter(({ at }) => at >= span.from && at < span.to));
  // A reading whose time is corrected over midnight stands in both days for a moment.
  const once = hasRepeats(found) ? [...new Map(found.map((reading) => [reading.recordId, reading])).values()] : found;
  return once.sort((a, b) => a.at - b.at);
}

/** Where these connections can have readings at all; a day more on both sides, for clocks that were corrected. */
function knownSpan(connections: readonly ReadableConnection[]): { readonly from: number; readonly to: number } {
  const floors = connections.map(({ backfill, liveFrom }) => backfill.floor ?? liveFrom);
  const newest = connections.map(({ newestReadingAt }) => newestReadingAt ?? 0);
  return { from: Math.min(...floors) - DAY_MS, to: Math.max(Date.now(), ...newest) + DAY_MS };
}
