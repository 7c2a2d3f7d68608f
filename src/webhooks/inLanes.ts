/**
 * Runs `run` over the items in their order, at most `lanes` at a time and never two of one key at once: of each key strictly in order, with one
 * lane everything is.
 * @param run answers whether to go on; after a no nothing further begins
 */
export async function inLanes<Item>(
  items: readonly Item[],
  { lanes, keyOf }: { readonly lanes: number; readonly keyOf: (item: Item) => string },
  run: (item: Item) => Promise<boolean>,
): Promise<void> {
  const waiting = [...items];
  const busy = new Set<string>();
  let stopped = false;

  async function lane(): Promise<void> {
    for (;;) {
      const next = stopped ? -1 : waiting.findIndex((item) => !busy.has(keyOf(item)));
      // What waits for a busy key is left to the lane that is busy with it.
      const [item] = next < 0 ? [] : waiting.splice(next, 1);
      if (item === undefined) return;
      busy.add(keyOf(item));
      try {
        if (!(await run(item))) stopped = true;
      } catch (error) {
        stopped = true;
        throw error;
      } finally {
        busy.delete(keyOf(item));
      }
    }
  }

  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const failed = ended.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
