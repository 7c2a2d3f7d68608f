/**
 * A uniform number in [0, 1) that depends on its arguments alone (32-bit integers): the same question gets the same answer on every machine
 * and in every run, which is what lets years of readings exist without being stored.
 */
export function draw(seed: number, a: number, b = 0): number {
  let hash = seed | 0;
  for (const part of [a | 0, b | 0]) {
    hash = Math.imul(hash ^ part, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return (hash >>> 0) / 0x1_0000_0000;
}

/** A uniform number in [low, high). */
export const between = (low: number, high: number, drawn: number): number => low + (high - low) * drawn;

/** A smooth wave between −1 and 1 that wanders about once per `periodMs`. */
export function wander(seed: number, at: number, periodMs: number): number {
  const step = Math.floor(at / periodMs);
  const within = at / periodMs - step;
  const eased = within * within * (3 - 2 * within);
  const [before, after] = [draw(seed, step), draw(seed, step + 1)];
  return 2 * (before + (after - before) * eased) - 1;
}
