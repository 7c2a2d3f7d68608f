import { draw } from '../physiology/draw';
import type { Settings } from '../world/settings';
import type { Dated } from './systemTimes';

/** No order is promised (dexcom-api.md §2.1.6). @param records oldest first */
export function inOrder<T extends Dated>(records: readonly T[], order: Settings['order']): readonly T[] {
  if (order === 'oldestFirst') return records;
  if (order === 'newestFirst') return records.toReversed();
  const place = ({ measuredAt }: T): number => draw(0x5f1e, Math.floor(measuredAt / 1_000), measuredAt % 1_000);
  return records.toSorted((a, b) => place(a) - place(b));
}
