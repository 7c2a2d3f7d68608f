import type { Reading } from '../../../glucose/reading';
import type { Cursors } from '../../../security/cursors';
import { invalid, notFound } from '../../errors';
import type { Services } from '../../services';
import { cutPage, type GlucosePosition, lookFrom } from './position';
import { type OwnerOf, readDays } from './readDays';
import type { QueriedWindow } from './window';

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
  readonly ownerOf: OwnerOf;
  /** Null after the last page. */
  readonly next: GlucosePosition | null;
}

export const READINGS_PER_PAGE = 5_000;

/**
 * One page, oldest first. Following the positions, every reading there when the first page was read comes exactly once, whatever is added
 * meanwhile; what is added behind the reader is left to the webhooks. Looks no further ahead than a page.
 * @param limit a page holds as many readings at most, and those measured at the last one's very instant
 * @throws ApiError 404 for a user of nobody or another team, or a deleted one
 */
export async function glucosePage(
  { readAhead, glucoseDays }: Pick<Services, 'readAhead' | 'glucoseDays'>,
  { teamId, userId, provider }: Omit<GlucoseQuery, 'window'>,
  position: GlucosePosition,
  limit: number,
): Promise<GlucosePage> {
  const found = await readAhead.ofUser(teamId, userId, (known) => {
    const wanted = known.filter((connection) => provider === '' || connection.provider === provider);
    return readDays(glucoseDays, wanted, { from: lookFrom(position), to: position.to }, limit + position.edge.length + 1);
  });
  if (!found) throw notFound();
  return { ...cutPage(found, position, limit), ownerOf: found.ownerOf };
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
