import type { ReadingOrigin } from './reading';
import { shortHash } from './shortHash';

/** For a whole window of a sensor's; making one costs more than looking 8,640 ids up. */
const PLACES = new Int32Array(65_536);
const HASHES = new Int32Array(PLACES.length / 4);

/**
 * Whether a record id comes twice. Answers have thousands of ids and hardly ever a repeated one; a table of numbers tells so six times as
 * fast as a `Map` of all of them.
 * @param hashOf a whole number of 32 bits, the same for the same id
 */
export function hasRepeats<Origin extends ReadingOrigin>(
  records: readonly Origin[],
  hashOf: (record: Origin) => number = ({ recordId }) => shortHash(recordId),
): boolean {
  // Four places for each, a power of two: an id finds its own place or one close by.
  const size = 4 << (32 - Math.clz32(records.length));
  const places = size <= PLACES.length ? PLACES.fill(0, 0, size) : new Int32Array(size);
  const hashes = records.length <= HASHES.length ? HASHES : new Int32Array(records.length);
  let count = 0;
  for (const record of records) {
    const hash = hashOf(record);
    let place = hash & (size - 1);
    for (let taken = places[place]; taken; taken = places[place]) {
      if (hashes[taken - 1] === hash && records[taken - 1]?.recordId === record.recordId) return true;
      place = (place + 1) & (size - 1);
    }
    hashes[count++] = hash;
    places[place] = count;
  }
  return false;
}
