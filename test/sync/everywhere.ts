/** Far more operations than any protocol here has. */
const MOST = 200;

/**
 * Tries every operation of a protocol in turn, `lanes` of them at a time, until one is behind the last.
 * @param tryAt lets something happen at operation `at` and answers whether there was such an operation
 * @returns how many there are
 */
export async function everywhere(lanes: number, tryAt: (at: number) => Promise<boolean>): Promise<number> {
  for (let first = 0; first < MOST; first += lanes) {
    const reached = await Promise.all(Array.from({ length: lanes }, (_, n) => tryAt(first + n)));
    if (reached.includes(false)) return first + reached.indexOf(false);
  }
  throw new Error(`still not through after ${MOST} operations`);
}
