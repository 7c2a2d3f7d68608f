import { hashesRepeat } from '../../../glucose/hasRepeats';
import { type ClosedDay, dayStart } from '../../../storage/glucoseDays';
import type { WrittenDay } from './writtenDay';
import type { WrittenDays } from './writtenDays';

const DAY_MS = 86_400_000;

/** What may be taken as it was written before. */
export interface WholeDays {
  readonly written: WrittenDays;
  /** Readings before are looked at one by one, Unix milliseconds. */
  readonly from: number;
  /** Those in the last milliseconds before another page, too. */
  readonly edgeMs: number;
  /** Where a connection has more readings, they are cut. */
  readonly most: number;
}

/**
 * The days of one connection that a page takes whole.
 * @param days all it has in `[from, to)`, Unix milliseconds
 */
export function takeWhole(
  days: readonly ClosedDay[],
  { from, to }: { readonly from: number; readonly to: number },
  { written, most }: Pick<WholeDays, 'written' | 'most'>,
): readonly WrittenDay[] {
  const count = days.reduce((sum, { packed }) => sum + packed.count, 0);
  if (count > most) return [];
  return days.flatMap((day) => {
    const midnight = dayStart(day._id);
    return midnight < from || midnight + DAY_MS > to || day.packed.count === 0 ? [] : (written.find(day) ?? []);
  });
}

/** Whether a record id may come twice among them. @param others the hashes of those of the page's other readings */
export function mayRepeat(whole: readonly WrittenDay[], others: Int32Array): boolean {
  const lists = [others, ...whole.map(({ idHashes }) => idHashes)];
  const hashes = new Int32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    hashes.set(list, at);
    at += list.length;
  }
  return hashesRepeat(hashes);
}
