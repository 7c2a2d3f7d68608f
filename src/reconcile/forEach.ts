/**
 * Does `repair` for each item, a few at a time: one that cannot be repaired is not in the others' way.
 * @returns how many were repaired (answered true) @throws AggregateError of what went wrong, once all have had their turn
 */
export async function forEach<Item>(items: Iterable<Item>, repair: (item: Item) => Promise<boolean>): Promise<number> {
  const queue = [...items];
  const errors: unknown[] = [];
  let repaired = 0;
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      try {
        if (await repair(item)) repaired++;
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} could not be repaired`);
  return repaired;
}

/** Repairs come all at once after an outage, when everybody else is busy too. */
const AT_ONCE = 8;
