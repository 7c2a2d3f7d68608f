import { type Held, recordsOf } from './heldReadings';
import type { Placed } from './place';
import type { StoredReading } from './reading';
import { isSameRecord } from './sameRecord';

/** What one day loses and gains. Never both empty. */
export interface DayChange {
  readonly dayId: string;
  readonly removed: readonly StoredReading[];
  readonly gained: readonly StoredReading[];
}

/**
 * By day, oldest first; what is as it was changes nothing.
 * @param alone new readings by day, which take the place of none
 */
export function dayChanges(opened: readonly Held[], placed: readonly Placed[], alone: ReadonlyMap<string, StoredReading[]>): DayChange[] {
  const changes = new Map([...alone].map(([dayId, gained]) => [dayId, { dayId, removed: emptyList(), gained }]));
  const changeOf = (dayId: string) => {
    const known = changes.get(dayId);
    if (known) return known;
    const fresh = { dayId, removed: emptyList(), gained: emptyList() };
    changes.set(dayId, fresh);
    return fresh;
  };

  for (const { day, reading } of opened) changeOf(day._id).removed.push(reading);
  for (const { dayId, reading } of placed) {
    const { removed, gained } = changeOf(dayId);
    const same = removed.findIndex((before) => isSame(before, reading));
    if (same === -1) gained.push(reading);
    else removed.splice(same, 1);
  }
  return [...changes.values()]
    .filter(({ removed, gained }) => removed.length + gained.length > 0)
    .sort((a, b) => (a.dayId < b.dayId ? -1 : 1));
}

const emptyList = (): StoredReading[] => [];

/**
 * Puts the changes in the order they must be written: a record that leaves a day for another is written there first, so that no kill loses
 * it. Where days exchange records none can be first: one keeps what it would lose, for the next merge to take away (`left`).
 */
export function writeOrder(changes: readonly DayChange[]): { readonly ordered: readonly DayChange[]; readonly left: boolean } {
  if (changes.every(({ removed }) => removed.length === 0)) return { ordered: changes, left: false };
  const goingTo = new Map(changes.flatMap((change) => recordsGained(change).map((recordId) => [recordId, change.dayId])));
  const mustStay = ({ dayId }: DayChange, reading: StoredReading): boolean =>
    recordsOf(reading).some(({ recordId }) => (goingTo.get(recordId) ?? dayId) !== dayId);

  const ordered: DayChange[] = [];
  let unwritten = [...changes];
  let left = false;
  while (unwritten.length > 0) {
    const free = unwritten.find((change) => !change.removed.some((reading) => mustStay(change, reading)));
    const next = free ?? unwritten[0];
    if (!next) break;
    if (!free) left = true;
    ordered.push({ ...next, removed: next.removed.filter((reading) => !mustStay(next, reading)) });
    for (const recordId of recordsGained(next)) goingTo.delete(recordId);
    unwritten = unwritten.filter((change) => change !== next);
  }
  return { ordered, left };
}

const recordsGained = ({ gained }: DayChange): string[] => gained.flatMap((reading) => recordsOf(reading).map(({ recordId }) => recordId));

const isSame = (a: StoredReading, b: StoredReading): boolean =>
  isSameRecord(a, b) &&
  a.mark === b.mark &&
  a.change === b.change &&
  a.twins.length === b.twins.length &&
  a.twins.every((twin, i) => {
    const other = b.twins[i];
    return (
      other !== undefined &&
      twin.announced === other.announced &&
      twin.announcedMgPerDl === other.announcedMgPerDl &&
      isSameRecord(twin, other)
    );
  });
