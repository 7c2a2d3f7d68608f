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
  const changes = new Map<string, { removed: StoredReading[]; gained: Placed[] }>();
  const changeOf = (dayId: string) => {
    const known = changes.get(dayId);
    if (known) return known;
    const fresh = { removed: [], gained: [] };
    changes.set(dayId, fresh);
    return fresh;
  };

  for (const { day, reading } of opened) changeOf(day._id).removed.push(reading);
  for (const one of placed) {
    const { removed, gained } = changeOf(one.dayId);
    const same = removed.length === 0 ? -1 : removed.findIndex((reading) => isSame(reading, one.reading));
    if (same === -1) gained.push(one);
    else removed.splice(same, 1);
  }
  return [...changes]
    .map(([dayId, change]) => ({ dayId, ...change }))
    .filter(({ removed, gained }) => removed.length + gained.length > 0)
    .sort((a, b) => (a.dayId < b.dayId ? -1 : 1));
}

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

const recordsGained = ({ gained }: DayChange): string[] =>
  gained.flatMap(({ reading }) => recordsOf(reading).map(({ recordId }) => recordId));

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
