import type { Person } from './syncWorld';

/** Far more operations than any protocol here has. */
const MOST = 200;

/**
 * Tries every operation of a protocol in turn, as many at a time as there are people, each with one of their own: what a try changes at Dexcom
 * nobody else sees.
 * @param tryAt lets something happen at operation `at` and answers whether there was such an operation
 * @returns how many there are
 */
export async function everywhere(people: readonly Person[], tryAt: (at: number, person: Person) => Promise<boolean>): Promise<number> {
  for (let first = 0; first < MOST; first += people.length) {
    const reached = await Promise.all(people.map((person, n) => tryAt(first + n, person)));
    if (reached.includes(false)) return first + reached.indexOf(false);
  }
  throw new Error(`still not through after ${MOST} operations`);
}
