import { forEachPaged } from './forEachPaged';

/** Does `repair` for each item as `forEachPaged` does, for what comes in one piece. */
export async function forEach<Item>(items: Iterable<Item>, repair: (item: Item) => Promise<boolean>): Promise<number> {
  return forEachPaged([[...items]], repair);
}
