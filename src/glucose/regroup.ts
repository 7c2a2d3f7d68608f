import { type Held, type HeldReadings, recordsOf } from './heldReadings';
import type { ReadingOrigin } from './reading';
import { groupTwins } from './twins';

/** Records by measurement, the shown one first, and the stored readings that these take the place of. */
export interface Regrouped {
  readonly groups: readonly (readonly ReadingOrigin[])[];
  readonly opened: readonly Held[];
}

/**
 * Groups the changed records, and with them every stored one whose twins that may change: what a measurement's group is follows from the
 * records alone, so any order or split of a fetch ends in the same groups.
 */
export function regroup(changed: readonly ReadingOrigin[], held: HeldReadings): Regrouped {
  const records = new Map(changed.map((record) => [record.recordId, record]));
  const opened = new Set<Held>();

  // The map grows while it is walked: the twins of what was added are looked for too.
  for (const record of records.values()) {
    for (const found of [...held.made(record.recordId), ...held.twinsOf(record)]) {
      if (opened.has(found)) continue;
      opened.add(found);
      for (const { recordId } of recordsOf(found.reading)) {
        const stored = records.has(recordId) ? undefined : held.record(recordId);
        if (stored) records.set(recordId, stored);
      }
    }
  }
  return { groups: groupTwins([...records.values()]), opened: [...opened] };
}
