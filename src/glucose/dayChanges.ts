import { type Held, recordsOf } from './heldReadings';
import type { Placed } from './place';
import type { StoredReading } from './reading';
import { isSameRecord } from './sameRecord';

/** What one day loses and gains. Never both empty. */
export interface DayChange {
  readonly dayId: string;
  readonly removed: readonly StoredReading[];
  readonly gained: readonly Placed[];
}

/** By day, oldest first; what is as it was changes nothing. */
export function dayChanges(opened: readonly Held[], placed: readonly Placed[]): DayChange[] {
  const changes = new Map<string, { removed: Map<string, StoredReading>; gained: Placed[] }>();
  const changeOf = (dayId: string) => {
    const known = changes.get(dayId);
    if (known) return known;
    const fresh = { removed: new Map<string, StoredReading>(), gained: [] };
    changes.set(dayId, fresh);
    return fresh;
  };

  for (const { day, reading } of opened) changeOf(day._id).removed.set(reading.recordId, reading);
  for (const one of placed) {
    const { removed, gained } = changeOf(one.dayId);
    const before = removed.get(one.reading.recordId);
    if (before && isSame(before, one.reading)) removed.delete(before.recordId);
    else gained.push(one);
  }
  return [...changes]
    .map(([dayId, { removed, gained }]) => ({ dayId, removed: [...removed.values()], gained }))
    .filter(({ removed, gained }) => removed.length + gained.length > 0)
    .sort((a, b) => (a.dayId < b.dayId ? -1 : 1));
}

/**
 * Puts the changes in the order they must be written: a record that leaves a day for another is written there first, so that no kill loses
 * it. Where days exchange records none can be first: `left` keeps what it would lose, and gains nothing of it.
 */
export function writeOrder(changes: readonly DayChange[]): { readonly ordered: readonly DayChange[]; readonly left: boolean } {
  const home = new Map(
    changes.flatMap(({ dayId, gained }) => gained.flatMap(({ reading }) => recordsOf(reading).map((record) => [record.recordId, dayId]))),
  );
  const unwritten = new Map(changes.map((change) => [change.dayId, change]));
  const leavesFor = (change: DayChange, reading: StoredReading): boolean =>
    recordsOf(reading).some(({ recordId }) => {
      const day = home.get(recordId);
      return day !== undefined && day !== change.dayId && unwritten.has(day);
    });

  const ordered: DayChange[] = [];
  let left = false;
  while (unwritten.size > 0) {
    const waiting = [...unwritten.values()];
    const next = waiting.find((change) => !change.removed.some((reading) => leavesFor(change, reading)));
    const chosen = next ?? waiting[0];
    if (!chosen) break;
    unwritten.delete(chosen.dayId);
    if (!next) left = true;
    ordered.push(
      next ??
        keeping(
          chosen,
          chosen.removed.filter((reading) => leavesFor(chosen, reading)),
        ),
    );
  }
  return { ordered: ordered.filter(({ removed, gained }) => removed.length + gained.length > 0), left };
}

function keeping(change: DayChange, kept: readonly StoredReading[]): DayChange {
  const records = new Set(kept.flatMap((reading) => recordsOf(reading).map(({ recordId }) => recordId)));
  return {
    ...change,
    removed: change.removed.filter((reading) => !kept.includes(reading)),
    gained: change.gained.filter(({ reading }) => !recordsOf(reading).some(({ recordId }) => records.has(recordId))),
  };
}

const isSame = (a: StoredReading, b: StoredReading): boolean =>
  isSameRecord(a, b) &&
  a.mark === b.mark &&
  a.change === b.change &&
  a.twins.length === b.twins.length &&
  a.twins.every((twin, i) => {
    const other = b.twins[i];
    return other !== undefined && twin.announced === other.announced && isSameRecord(twin, other);
  });
