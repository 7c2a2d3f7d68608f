/**
 * Does `repair` for each item of each page, a few at a time: one that cannot be repaired is not in the others' way, on whatever page.
 * @returns how many were repaired (answered true) @throws AggregateError of what went wrong, once all have had their turn
 */
export async function forEachPaged<Item>(
  pages: AsyncIterable<readonly Item[]> | Iterable<readonly Item[]>,
  repair: (item: Item) => Promise<boolean>,
): Promise<number> {
  const errors: unknown[] = [];
  let failed = 0;
  let repaired = 0;
  for await (const page of pages) {
    const queue = [...page];
    const worker = async (): Promise<void> => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        try {
          if (await repair(item)) repaired++;
        } catch (error) {
          failed++;
          if (errors.length < MOST_ERRORS) errors.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  if (failed > 0) throw new AggregateError(errors, `${failed} could not be repaired`);
  return repaired;
}

/** Repairs come all at once after an outage, when everybody else is busy too. */
const AT_ONCE = 8;
/** Kept of those that went wrong: when all do, they do for the same reason. */
const MOST_ERRORS = 100;
