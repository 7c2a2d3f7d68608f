import type { ReadingOrigin } from './reading';
import { shortHash } from './shortHash';

/** For a whole window of a sensor's; making one costs more than looking 8,640 ids up. */
const TABLE = new Int32Array(65_536);

/**
 * Whether a record id comes twice. Answers have thousands of ids and hardly ever a repeated one; a table of numbers tells so six times as
 * fast as a `Map` of all of them.
 */
export function hasRepeats(records: readonly ReadingOrigin[]): boolean {
  // Four places for each, a power of two: an id finds its own place or one close by.
  const size = 4 << (32 - Math.clz32(records.length));
  const places = size <= TABLE.length ? TABLE.fill(0, 0, size) : new Int32Array(size);
  for (let i = 0; i < records.length; i++) {
    const id = records[i]?.recordId ?? '';
    let place = shortHash(id) & (size - 1);
    for (let taken = places[place]; taken; taken = places[place]) {
      if (records[taken - 1]?.recordId === id) return true;
      place = (place + 1) & (size - 1);
    }
    places[place] = i + 1;
  }
  return false;
}
