import type { GlucoseDay } from '../storage/glucoseDays';
import { type DayChange, dayChanges, writeOrder } from './dayChanges';
import { dayIds } from './dayIds';
import { HeldReadings } from './heldReadings';
import { latestOfEach } from './latestOfEach';
import type { MergeContext } from './mergeContext';
import { place, placeAlone, type VersionOf } from './place';
import type { Reading, StoredReading } from './reading';
import { regroup } from './regroup';
import { Standing } from './standing';
import { byTime } from './twins';

const DAY_MS = 86_400_000;

export interface Merge {
  /** The days that change, whole, in the order they must be written; a day whose content stays is not among them. */
  readonly days: readonly GlucoseDay[];
  /** News: readings told for the first time … */
  readonly created: number;
  /** … and told again. */
  readonly updated: number;
  /** Readings that left one day for another. */
  readonly moved: number;
  /** Readings there are more than before, history too. Below zero where two turned out to be one. */
  readonly added: number;
  /** Two days exchanged records, which no order of writes can: once `days` are written and published, read and merge the same again. */
  readonly again: boolean;
}

/**
 * The days a merge of `window` must be given, and the only ones it changes: a day more on either side, for records whose time has moved and
 * twins across midnight.
 */
export const daysToRead = (connectionId: string, { from, to }: { readonly from: number; readonly to: number }): string[] =>
  dayIds(connectionId, { from: from - DAY_MS, to: to + DAY_MS });

/**
 * Puts the readings of one fetch into their days (design §3). Any order, split or repetition of them ends in the same readings; what is not
 * among them stays. Every day written carries its news as marks of its new version (design §2, "Crash-safe novelty").
 * @param days what there is of `daysToRead`
 * @throws if a day has unpublished news
 */
export function merge(days: readonly GlucoseDay[], readings: readonly Reading[], context: MergeContext): Merge {
  const held = new HeldReadings(days);
  const unlike = held.unlike(latestOfEach(readings));
  const { alone, groups, opened } = regroup([...held.copies(), ...unlike], held);

  const byId = new Map(days.map((day) => [day._id, day]));
  const versionOf: VersionOf = (dayId) => (byId.get(dayId)?.version ?? 0) + 1;
  const before = new Standing(opened);
  const placed = groups.map((group) => place(group, before, versionOf, context));

  const { ordered, left } = writeOrder(dayChanges(opened, placed, placeAlone(alone, versionOf, context)));
  const nextDays = ordered.map((change) => nextVersion(change, byId.get(change.dayId), context));
  return {
    days: nextDays,
    created: sum(nextDays, (day) => countNews(day, 'created')),
    updated: sum(nextDays, (day) => countNews(day, 'updated')),
    moved: placed.filter(({ prior, dayId }) => prior !== null && prior.day._id !== dayId).length,
    added: sum(ordered, ({ gained, removed }) => gained.length - removed.length),
    again: left,
  };
}

function nextVersion(
  { dayId, removed, gained }: DayChange,
  day: GlucoseDay | undefined,
  { connection, pullSeq }: MergeContext,
): GlucoseDay {
  const version = (day?.version ?? 0) + 1;
  const readings = day ? [...withoutAll(day.readings, removed), ...gained] : [...gained];
  return {
    _id: dayId,
    teamId: connection.teamId,
    userId: connection.userId,
    connectionId: connection._id,
    version,
    pullSeq,
    unpublished: readings.some(({ mark, change }) => mark === version && change !== 'none'),
    readings: inOrder(readings),
  };
}

function withoutAll(readings: readonly StoredReading[], removed: readonly StoredReading[]): readonly StoredReading[] {
  if (removed.length === 0) return readings;
  const gone = new Set(removed);
  return readings.filter((reading) => !gone.has(reading));
}

/** Fetched readings mostly are: sorting them would still copy all of them and compare through a call. */
function inOrder(readings: StoredReading[]): StoredReading[] {
  for (let i = 1; i < readings.length; i++) {
    const [before, reading] = [readings[i - 1], readings[i]];
    if (before && reading && byTime(before, reading) > 0) return readings.sort(byTime);
  }
  return readings;
}

/** A day without news to publish has none. */
const countNews = ({ readings, version, unpublished }: GlucoseDay, news: StoredReading['change']): number =>
  unpublished ? readings.filter(({ mark, change }) => mark === version && change === news).length : 0;

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);
