import { createHash } from 'node:crypto';

/** Numbers in [0, 1) that follow from a seed alone, so that a failing run can be run again. */
export function seededRandom(seed: string): () => number {
  let drawn = 0;
  return () => createHash('sha256').update(`${seed}:${drawn++}`).digest().readUInt32BE(0) / 2 ** 32;
}
