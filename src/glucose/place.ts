import { dayId } from './dayIds';
import type { Held } from './heldReadings';
import type { MergeContext } from './mergeContext';
import type { ReadingOrigin, StoredReading } from './reading';
import { isSameReading } from './sameRecord';
import type { Standing } from './standing';

/** A reading as the next version of its day should have it. */
export interface Placed {
  readonly dayId: string;
  readonly reading: StoredReading;
  /** What stood for it before; null if it is shown for the first time. */
  readonly prior: Held | null;
}

type Told = Pick<StoredReading, 'mark' | 'change'>;

const UNTOLD: Told = { mark: 0, change: 'none' };

/**
 * The reading that a group of twins is, with what is to be told of it.
 * @param versionOf the version that a day would be written as
 */
export function place(
  group: readonly ReadingOrigin[],
  before: Standing,
  versionOf: (day: string) => number,
  context: MergeContext,
): Placed {
  const [shown, ...hidden] = group;
  if (!shown) throw new Error('A measurement without a record');
  const day = dayId(context.connection._id, shown.at);
  const replaced = before.replacedBy(group);
  const prior = closest(replaced, shown, day);

  const known = before.wasTold(shown.recordId) || replaced.some(({ reading }) => reading.mark !== 0);
  const told = tell({ shown, day, prior, version: versionOf(day), known, context });
  const twins = hidden.map((origin) => ({ ...recordOf(origin), announced: before.wasTold(origin.recordId) }));
  return { dayId: day, reading: { ...recordOf(shown), twins, ...told }, prior };
}

interface Telling {
  readonly shown: ReadingOrigin;
  readonly day: string;
  readonly prior: Held | null;
  readonly version: number;
  /** The app was told of it, or of one that it takes the place of. */
  readonly known: boolean;
  readonly context: MergeContext;
}

/** History is silent, until it is told once: what the app knows never changes without a word. */
function tell({ shown, day, prior, version, known, context }: Telling): Told {
  const history = context.purpose === 'backfill' && shown.at < context.connection.liveFrom && !known;
  // A reading without a value cannot be told (sample.ts); it is news once it has one.
  const silent = history || shown.mgPerDl === null;

  if (silent || (prior && !isNews(prior.reading, shown))) {
    if (prior?.day._id === day && (prior.reading.mark !== 0 || !known)) return { mark: prior.reading.mark, change: prior.reading.change };
    // Marks of another day mean nothing here, but that it is known must not be forgotten.
    return known ? { mark: version, change: 'none' } : UNTOLD;
  }
  const first = !known && (!prior || prior.reading.mgPerDl === null);
  return { mark: version, change: first ? 'created' : 'updated' };
}

/** Another device's report of the same value is none. */
const isNews = (prior: StoredReading, shown: ReadingOrigin): boolean =>
  prior.recordId === shown.recordId ? !isSameReading(prior, shown) : prior.mgPerDl !== shown.mgPerDl;

/** The same record rather than a twin of it, the same day rather than a copy in another. */
function closest(replaced: readonly Held[], shown: ReadingOrigin, day: string): Held | null {
  const distance = ({ reading, day: { _id } }: Held): number => (reading.recordId === shown.recordId ? 0 : 2) + (_id === day ? 0 : 1);
  return replaced.reduce<Held | null>((best, held) => (best && distance(best) <= distance(held) ? best : held), null);
}

/** The record alone, without what a day or a group adds to it. */
function recordOf(origin: ReadingOrigin): ReadingOrigin {
  const { at, mgPerDl, recordId, trend, trendRateMgPerDlPerMin, status, utcOffsetSeconds, rawTimes, device, transmitterTicks } = origin;
  return { at, mgPerDl, recordId, trend, trendRateMgPerDlPerMin, status, utcOffsetSeconds, rawTimes, device, transmitterTicks };
}
