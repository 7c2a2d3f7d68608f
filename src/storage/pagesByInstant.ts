/**
 * Documents sorted by an instant, a page at a time. A page begins at the instant the last one ended with, and grows if all of it is of that
 * instant: none is passed over, and none comes twice, whatever is done to those that came before.
 * @param read the first `size` documents since an instant, in its order
 */
export async function* pagesByInstant<Doc extends { readonly _id: string }>(
  pageSize: number,
  instantOf: (doc: Doc) => number,
  read: (size: number, since: number) => Promise<Doc[]>,
): AsyncGenerator<Doc[]> {
  const seen = new Set<string>();
  for (let size = pageSize, since = 0; ; ) {
    const page = await read(size, since);
    const unseen = page.filter(({ _id }) => !seen.has(_id));
    for (const { _id } of unseen) seen.add(_id);
    if (unseen.length > 0) yield unseen;
    const last = page.at(-1);
    if (!last || page.length < size) return;
    if (unseen.length === 0) size *= 2;
    since = instantOf(last);
  }
}
