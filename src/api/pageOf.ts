import { z } from '@hono/zod-openapi';
import type { Cursors } from '../security/cursors';
import { wholeNumber } from './contract';
import { invalid } from './errors';

/** How a list is asked for page by page. */
export const PageQuery = z.object({ next_cursor: z.string().optional(), limit: wholeNumber(1, 250).default(50) });

export interface Page<T> {
  readonly items: readonly T[];
  /** Null at the end. */
  readonly next_cursor: string | null;
}

/**
 * One page of a list in a stable order.
 * @param read up to so many items after a position
 * @throws ApiError 422 for a cursor that is none of this list's
 */
export async function pageOf<T extends P, P>(
  cursors: Cursors<P>,
  { next_cursor, limit }: z.infer<typeof PageQuery>,
  { read, positionOf }: { readonly read: (after: P | null, most: number) => Promise<readonly T[]>; readonly positionOf: (item: T) => P },
): Promise<Page<T>> {
  const found = await read(position(cursors, next_cursor), limit + 1);
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, next_cursor: last ? cursors.seal(positionOf(last)) : null };
}

function position<P>(cursors: Cursors<P>, cursor: string | undefined): P | null {
  if (cursor === undefined) return null;
  const opened = cursors.open(cursor);
  if (opened === null)
    throw invalid({ type: 'value_error', loc: ['query', 'next_cursor'], msg: 'Not a cursor of this list', input: cursor });
  return opened;
}
