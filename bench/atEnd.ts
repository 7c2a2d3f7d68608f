const closers: (() => Promise<unknown>)[] = [];

/** What figures share stays open until all have been measured. */
export function atEnd(close: () => Promise<unknown>): void {
  closers.push(close);
}

/** In the reverse order of opening; all of them, whatever one meets. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close().catch((error: unknown) => console.error(error));
}
