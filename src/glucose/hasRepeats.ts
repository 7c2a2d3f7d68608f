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
  const hashes = records.length <= HASHES.length ? HASHES.subarray(0, records.length) : new Int32Array(records.length);
  let count = 0;
  for (const record of records) hashes[count++] = hashOf(record);
  // Two ids may share a hash: that is seldom, and then all are compared.
  return hashesRepeat(hashes) && new Set(records.map(({ recordId }) => recordId)).size < records.length;
}

/** Whether one of them comes twice. */
export function hashesRepeat(hashes: Int32Array): boolean {
  // Four places for each, a power of two: a hash finds its own place or one close by.
  const size = 4 << (32 - Math.clz32(hashes.length));
  const places = size <= PLACES.length ? PLACES.fill(0, 0, size) : new Int32Array(size);
  for (let n = 0; n < hashes.length; n++) {
    const hash = hashes[n] ?? 0;
    let place = hash & (size - 1);
    for (let taken = places[place]; taken; taken = places[place]) {
      if (hashes[taken - 1] === hash) return true;
      place = (place + 1) & (size - 1);
    }
    places[place] = n + 1;
  }
  return false;
}
