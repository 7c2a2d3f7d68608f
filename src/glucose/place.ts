import { dayId, dayStart } from './dayIds';
import type { Held } from './heldReadings';
import type { MergeContext } from './mergeContext';
import type { ReadingOrigin, StoredReading, TwinOrigin } from './reading';
import { isSameReading } from './sameRecord';
import type { Standing, Telling } from './standing';

/** A reading as the next version of its day should have it. */
export interface Placed {
  readonly dayId: string;
  readonly reading: StoredReading;
  /** What stood for it before; null if it is shown for the first time. */
  readonly prior: Held | null;
}

/** Says as which version a day would be written. */
export type VersionOf = (dayId: string) => number;

type Mark = Pick<StoredReading, 'mark' | 'change'>;

const DAY_MS = 86_400_000;
const NO_TWINS: readonly TwinOrigin[] = [];

const UNTOLD: Mark = { mark: 0, change: 'none' };
/** Told by a version of another day, or before a twin came. */
const TOLD_ELSEWHERE: Mark = { mark: -1, change: 'none' };

/** The readings that new records are which nothing stands near, by day. @param records by time */
export function placeAlone(
  records: readonly ReadingOrigin[],
  versionOf: VersionOf,
  { connection, purpose }: MergeContext,
): Map<string, StoredReading[]> {
  const days = new Map<string, StoredReading[]>();
  let readings: StoredReading[] = [];
  let version = 0;
  let dayEnd = Number.NEGATIVE_INFINITY;
  for (const record of records) {
    if (record.at >= dayEnd) {
      const day = dayId(connection._id, record.at);
      dayEnd = dayStart(day) + DAY_MS;
      version = versionOf(day);
      readings = [];
      days.set(day, readings);
    }
    const untold = record.mgPerDl === null || (purpose === 'backfill' && record.at < connection.liveFrom);
    readings.push(untold ? asUntold(record) : storedReading(record, NO_TWINS, version, 'created'));
  }
  return days;
}

/** The reading that a group of twins is, with what is to be told of it. */
export function place(group: readonly ReadingOrigin[], before: Standing, versionOf: VersionOf, context: MergeContext): Placed {
  const [shown, ...hidden] = group;
  if (!shown) throw new Error('A measurement without a record');
  const day = dayId(context.connection._id, shown.at);
  const prior = closest(before.replacedBy(group), shown, day);

  const known = group.some(({ recordId }) => before.toldOf(recordId).length > 0);
  const history = context.purpose === 'backfill' && shown.at < context.connection.liveFrom && !known;
  // A reading without a value cannot be told (sample.ts); it is news once it has one.
  const news = history || shown.mgPerDl === null ? null : newsOf(group, shown, prior, before);

  const { mark, change } = news ? { mark: versionOf(day), change: news } : keptMark(shown, prior, day, before);
  const twins = hidden.map((origin) => twinOf(origin, before));
  return { dayId: day, reading: storedReading(shown, twins, mark, change), prior };
}

/** An app that knows this reading hears of every change to it; one that knows it by a twin of it, of another value only. */
function newsOf(group: readonly ReadingOrigin[], shown: ReadingOrigin, prior: Held | null, before: Standing): 'created' | 'updated' | null {
  const own = before.toldOf(shown.recordId);
  if (own.length > 0) return own.some((telling) => tellsOf(telling, shown)) ? null : 'updated';

  const twins = group.map(({ recordId }) => before.toldOf(recordId)).filter((told) => told.length > 0);
  // Of two copies nobody knows which the app heard of last.
  if (twins.length > 0) return twins.some((told) => told.every(({ mgPerDl }) => mgPerDl === shown.mgPerDl)) ? null : 'updated';

  // Not known, or known by a twin that has gone.
  if (!prior || before.wasTold(prior.reading)) return 'created';
  const same = prior.reading.recordId === shown.recordId ? isSameReading(prior.reading, shown) : prior.reading.mgPerDl === shown.mgPerDl;
  if (same) return null;
  return prior.reading.mgPerDl === null ? 'created' : 'updated';
}

/** A record that was hidden by its twin, and comes back as it was, is known. */
const tellsOf = ({ reading, at, mgPerDl }: Telling, shown: ReadingOrigin): boolean =>
  reading ? isSameReading(reading, shown) : at === shown.at && mgPerDl === shown.mgPerDl;

function keptMark(shown: ReadingOrigin, prior: Held | null, day: string, before: Standing): Mark {
  if (before.toldOf(shown.recordId).length === 0) return UNTOLD;
  if (prior?.day._id !== day || prior.reading.recordId !== shown.recordId || prior.reading.mark === 0) return TOLD_ELSEWHERE;
  return { mark: prior.reading.mark, change: prior.reading.change };
}

/**
 * The one of several: there are more where measurements turned out to be one, or a move was cut short. Rather the same record, the copy that is
 * as it should be, the one in this day.
 */
function closest(replaced: readonly Held[], shown: ReadingOrigin, day: string): Held | null {
  return replaced.reduce<Held | null>(
    (best, held) => (best && distance(best, shown, day) <= distance(held, shown, day) ? best : held),
    null,
  );
}

const distance = ({ reading, day: { _id } }: Held, shown: ReadingOrigin, day: string): number =>
  (reading.recordId === shown.recordId ? 0 : 4) + (isSameReading(reading, shown) ? 0 : 2) + (_id === day ? 0 : 1);

function twinOf(origin: ReadingOrigin, before: Standing): TwinOrigin {
  const told = before.toldOf(origin.recordId);
  return { ...recordOf(origin), announced: told.length > 0, announcedMgPerDl: told.at(-1)?.mgPerDl ?? null };
}

/** Fetched readings come untold; then they are stored as they are. */
const asUntold = (record: ReadingOrigin): StoredReading =>
  isStored(record) && record.mark === 0 && record.twins.length === 0 ? record : storedReading(record, NO_TWINS, 0, 'none');

const isStored = (record: ReadingOrigin): record is StoredReading => 'mark' in record && 'change' in record && 'twins' in record;

/** The record alone, without what a day or a group adds to it. */
function recordOf(origin: ReadingOrigin): ReadingOrigin {
  const { at, mgPerDl, recordId, trend, trendRateMgPerDlPerMin, status, utcOffsetSeconds, rawTimes, device, transmitterTicks } = origin;
  return { at, mgPerDl, recordId, trend, trendRateMgPerDlPerMin, status, utcOffsetSeconds, rawTimes, device, transmitterTicks };
}

/** Field by field: copying objects of unknown shape is ten times slower, and a window has thousands. */
function storedReading(origin: ReadingOrigin, twins: readonly TwinOrigin[], mark: number, change: StoredReading['change']): StoredReading {
  const { at, mgPerDl, recordId, trend, trendRateMgPerDlPerMin, status, utcOffsetSeconds, rawTimes, device, transmitterTicks } = origin;
  return {
    at,
    mgPerDl,
    recordId,
    trend,
    trendRateMgPerDlPerMin,
    status,
    utcOffsetSeconds,
    rawTimes,
    device,
    transmitterTicks,
    twins,
    mark,
    change,
  };
}
