import type { Reading } from '../../../glucose/reading';
import type { Cursors } from '../../../security/cursors';
import { invalid, notFound } from '../../errors';
import type { Services } from '../../services';
import { cutPage, EDGE_MS, type GlucosePosition, lookFrom, settledFrom } from './position';
import { type OwnerOf, readDays } from './readDays';
import type { QueriedWindow } from './window';
import type { WrittenDay } from './writtenDay';
import type { WrittenDays } from './writtenDays';

export type GlucoseCursors = Cursors<GlucosePosition>;

export interface GlucoseQuery {
  readonly teamId: string;
  readonly userId: string;
  /** Empty: all. */
  readonly provider: string;
  readonly window: QueriedWindow;
}

export interface GlucosePage {
  readonly readings: readonly Reading[];
  /** Days as they were written before, by time: their readings are not among these. */
  readonly whole: readonly WrittenDay[];
  readonly ownerOf: OwnerOf;
  /** Null after the last page. */
  readonly next: GlucosePosition | null;
}

export const READINGS_PER_PAGE = 5_000;

/**
 * One page, oldest first. Following the positions, every reading there when the first page was read comes exactly once, whatever is added
 * meanwhile; what is added behind the reader is left to the webhooks. Looks no further ahead than a page.
 * @param limit a page holds as many readings at most, and those measured at the last one's very instant
 * @param written where whole days may come from; null: nobody's, and all readings are there one by one
 * @throws ApiError 404 for a user of nobody or another team, or a deleted one
 */
export async function glucosePage(
  { readAhead, glucoseDays }: Pick<Services, 'readAhead' | 'glucoseDays'>,
  { teamId, userId, provider }: Omit<GlucoseQuery, 'window'>,
  position: GlucosePosition,
  limit: number,
  written: WrittenDays | null,
): Promise<GlucosePage> {
  const takingWhole = written && { written, from: settledFrom(position), edgeMs: EDGE_MS, most: limit };
  const found = await readAhead.ofUser(teamId, userId, (known) => {
    const wanted = known.filter((connection) => provider === '' || connection.provider === provider);
    return readDays(glucoseDays, wanted, { from: lookFrom(position), to: position.to }, limit + position.edge.length + 1, takingWhole);
  });
  if (!found) {
    written?.forget(teamId, userId);
    throw notFound();
  }
  return { ...cutPage(found, position, limit), whole: found.whole, ownerOf: found.ownerOf };
}

export const firstPosition = ({ userId, provider, window: { from, to } }: GlucoseQuery): GlucosePosition => ({
  user: userId,
  provider,
  from,
  to,
  boundary: from,
  edge: [],
});

/** Where a cursor goes on. @throws ApiError 422 for a cursor of another query, or one that was changed */
export function positionOf(cursors: GlucoseCursors, query: GlucoseQuery, cursor: string | undefined): GlucosePosition {
  const first = firstPosition(query);
  if (cursor === undefined) return first;

  const position = cursors.open(cursor);
  const { user, provider, from, to } = first;
  const belongs = position?.user === user && position.provider === provider && position.from === from && position.to === to;
  if (!belongs) throw invalid({ type: 'value_error', loc: ['query', 'next_cursor'], msg: 'Not a cursor of this query', input: cursor });
  return position;
}
