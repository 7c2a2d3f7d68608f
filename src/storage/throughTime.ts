/** From an instant on, to one before another, or up to one, or without an end; as a filter says it. */
export type Stretch = { readonly $gte: number; readonly $lt?: number; readonly $lte?: number };

const GROWS_BY = 4;

/**
 * The first documents between two instants, oldest first, asked for a stretch at a time, each longer than the one before. There are servers that sort
 * all that a filter lets through before they give the first: of a long log they are asked to sort little.
 * @param span `to` is included; null: whatever there is from `from` on. `firstMs`: how long the first stretch is
 * @param find the first of one stretch, in order
 */
export async function throughTime<Doc>(
  { from, to, firstMs }: { readonly from: number; readonly to: number | null; readonly firstMs: number },
  limit: number,
  find: (stretch: Stretch, limit: number) => Promise<Doc[]>,
): Promise<Doc[]> {
  const found: Doc[] = [];
  for (let begin = from, lengthMs = firstMs; ; lengthMs *= GROWS_BY) {
    const end = begin + lengthMs;
    // What somebody whose clock is ahead has written stands behind this moment.
    const isLast = end > Math.min(to ?? Number.POSITIVE_INFINITY, Date.now());
    const stretch = isLast ? { $gte: begin, ...(to !== null && { $lte: to }) } : { $gte: begin, $lt: end };
    found.push(...(await find(stretch, limit - found.length)));
    if (isLast || found.length >= limit) return found;
    begin = end;
  }
}
