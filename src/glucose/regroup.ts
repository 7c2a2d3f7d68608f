import { type Held, type HeldReadings, recordsOf } from './heldReadings';
import type { ReadingOrigin } from './reading';
import { groupTwins, TWINS_APART_MS } from './twins';

export interface Regrouped {
  /** New records with nothing near them, by time: nearly all that are ever read. */
  readonly alone: readonly ReadingOrigin[];
  /** The others by measurement, the shown one first … */
  readonly groups: readonly (readonly ReadingOrigin[])[];
  /** … and the stored readings that these take the place of. */
  readonly opened: readonly Held[];
}

/**
 * Groups the changed records, and with them every stored one whose twins that may change: what a measurement's group is follows from the
 * records alone, so any order or split of a fetch ends in the same groups.
 */
export function regroup(changed: readonly ReadingOrigin[], held: HeldReadings): Regrouped {
  const sorted = byInstant(changed);
  const alone: ReadingOrigin[] = [];
  const records = new Map<string, ReadingOrigin>();
  let before = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < sorted.length; i++) {
    const record = sorted[i];
    if (!record) continue;
    const after = sorted[i + 1]?.at ?? Number.POSITIVE_INFINITY;
    const isApart = record.at - before > TWINS_APART_MS && after - record.at > TWINS_APART_MS;
    if (isApart && held.isFarFrom(record)) alone.push(record);
    else records.set(record.recordId, record);
    before = record.at;
  }

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
  return { alone, groups: groupTwins([...records.values()]), opened: [...opened] };
}

/** What has been fetched mostly is. */
function byInstant(records: readonly ReadingOrigin[]): readonly ReadingOrigin[] {
  for (let i = 1; i < records.length; i++) {
    if ((records[i]?.at ?? 0) < (records[i - 1]?.at ?? 0)) return [...records].sort((a, b) => a.at - b.at);
  }
  return records;
}
