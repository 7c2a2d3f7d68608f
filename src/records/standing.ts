import type { KeptRecords, RecordDoc } from '../storage/records';
import { finality, type LoggedEvent } from './loggedEvent';

/** What is compared: it stands still while a record is changed. */
type Kept = Pick<RecordDoc, 'at' | 'type' | 'subType' | 'status' | 'firstStatus' | 'firstSeenAt' | 'changedAt' | 'deleted' | '_id'>;

/** One answer's events, each record id once: of several the one that says most, whatever their order. */
export function oncePerRecord(events: readonly LoggedEvent[]): LoggedEvent[] {
  const byId = new Map<string, LoggedEvent>();
  for (const event of events) {
    const other = byId.get(event.recordId);
    if (!other || finality(event) > finality(other) || (finality(event) === finality(other) && event.raw > other.raw))
      byId.set(event.recordId, event);
  }
  return [...byId.values()];
}

/**
 * Whether one that came as `created` is edited under its own id. That one is deleted under its own says nothing of edits.
 * @param kept what was known of them
 */
export const changesKeepIds = (events: readonly LoggedEvent[], kept: KeptRecords): boolean =>
  events.some((event) => kept.get(event.recordId)?.firstStatus === 'created' && event.status === 'updated');

/**
 * Which of one connection's records stand: not those that were deleted, and not those that another record has changed since. Whether a change
 * keeps the record's id nobody knows (dexcom-api.md §2.5): where it came under a new one, the two have their second, type and sub-type in
 * common, and there are as many events as were once `created`.
 * @param ids `stay` where a change was seen to keep its record's id: then each record is an event of its own
 */
export function standing<Record extends Kept>(records: readonly Record[], ids: 'stay' | 'unknown'): Record[] {
  if (ids === 'stay') return records.filter(({ deleted }) => !deleted);

  const alike = new Map<string, Record[]>();
  for (const record of records) {
    const { at, type, subType } = record;
    const what = JSON.stringify([Math.floor(at / 1_000), type, subType]);
    alike.set(what, [...(alike.get(what) ?? []), record]);
  }
  return [...alike.values()].flatMap((records) => latestOf(records)).filter(({ deleted }) => !deleted);
}

function latestOf<Record extends Kept>(alike: readonly Record[]): readonly Record[] {
  const changes = alike.filter(({ firstStatus }) => firstStatus === 'updated' || firstStatus === 'deleted');
  const events = Math.max(1, alike.length - changes.length);
  return alike.length === events ? alike : alike.toSorted(laterFirst).slice(0, events);
}

const laterFirst = (a: Kept, b: Kept): number =>
  finality(b) - finality(a) || b.firstSeenAt - a.firstSeenAt || b.changedAt - a.changedAt || (a._id < b._id ? -1 : 1);
