import { latestInstant } from '../glucose/latestInstant';
import type { ReadingOrigin } from '../glucose/reading';
import type { EgvWindow } from './answers';

/** Dexcom refuses longer ones (dexcom-api.md §2.1). */
const LONGEST_MS = 30 * 86_400_000;

/** `startDate` and `endDate` as Dexcom takes them: bare UTC, whole seconds. */
export interface EgvQuery {
  readonly startDate: string;
  readonly endDate: string;
}

/**
 * The queries that read all of `window`, whether Dexcom takes its end as open or closed: outwards to the second. Two of them where that makes
 * thirty days and a second.
 * @throws RangeError for a window that is empty or too long
 */
export function egvQueries({ from, to }: EgvWindow): EgvQuery[] {
  if (!(from < to) || to - from > LONGEST_MS)
    throw new RangeError('A window of readings must have an end after its start and at most 30 days');
  const start = Math.floor(from / 1000) * 1000;
  const end = Math.ceil(to / 1000) * 1000;
  if (end - start <= LONGEST_MS) return [{ startDate: bare(start), endDate: bare(end) }];
  const seam = end - 1000;
  return [
    { startDate: bare(start), endDate: bare(seam) },
    { startDate: bare(seam), endDate: bare(end) },
  ];
}

/**
 * What an answer may hold beyond the window is its neighbours' to bring; the end is the padding, closed. A reading without seconds lies in the
 * window that Dexcom serves it for, though its minute may begin before: no neighbour is served it.
 */
export const isAskedFor = (reading: Pick<ReadingOrigin, 'at' | 'rawTimes'>, { from, to }: EgvWindow): boolean =>
  (reading.at >= from || latestInstant(reading) >= from) && reading.at <= Math.ceil(to / 1000) * 1000;

/** Cut off to the second. */
export const bare = (at: number): string => new Date(at).toISOString().slice(0, 19);
