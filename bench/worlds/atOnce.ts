import { inLanes } from '../../src/webhooks/inLanes';

/** Runs over all items, so many at a time. */
export const atOnce = <Item>(lanes: number, items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> =>
  inLanes([...items.entries()], { lanes, keyOf: ([n]) => String(n) }, async ([, item]) => {
    await run(item);
    return true;
  });
