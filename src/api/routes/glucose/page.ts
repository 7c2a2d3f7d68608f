import { fragment, JsonBytes } from '../../../glucose/jsonBytes';
import { writeGroups } from '../../../glucose/samples';
import type { Cursors } from '../../../security/cursors';
import { dexcomProvider } from '../../../webhooks/provider';
import { invalid, notFound } from '../../errors';
import type { Services } from '../../services';
import { cutPage, type GlucosePosition, lookFrom } from './position';
import { readDays } from './readDays';
import type { QueriedWindow } from './window';

export type GlucoseCursors = Cursors<GlucosePosition>;

export interface GlucoseQuery {
  readonly teamId: string;
  readonly userId: string;
  /** Empty: all. */
  readonly provider: string;
  readonly window: QueriedWindow;
  readonly cursor: string | undefined;
}

const READINGS_PER_PAGE = 5_000;
/** A sample is about 620 bytes; a little more, so that the buffer seldom grows. */
const BYTES_PER_READING = 700;
const BYTES_AROUND = 8_192;

/**
 * One page, oldest first. Following the cursors, every reading there when the first page was read comes exactly once, whatever is added
 * meanwhile; what is added behind the reader is left to the webhooks.
 * @returns `GroupedGlucose` as JSON: written, not stringified, because a page is megabytes
 * @throws ApiError 404 for a user of nobody or another team, 422 for a cursor of another query
 */
export async function glucosePage(
  { users, readAhead, glucoseDays, glucoseCursors }: Pick<Services, 'users' | 'readAhead' | 'glucoseDays' | 'glucoseCursors'>,
  query: GlucoseQuery,
): Promise<Uint8Array<ArrayBuffer>> {
  const position = positionOf(glucoseCursors, query);
  const { connections, result } = await readAhead.ofUser(query.teamId, query.userId, (known) => {
    const wanted = known.filter(({ provider }) => query.provider === '' || provider === query.provider);
    return readDays(glucoseDays, wanted, { from: lookFrom(position), to: position.to });
  });
  if (connections.length === 0 && !(await users.byId(query.teamId, query.userId))) throw notFound();
  const { readings, next } = cutPage(result, position, READINGS_PER_PAGE);

  const out = new JsonBytes(readings.length * BYTES_PER_READING + BYTES_AROUND);
  const cursor = JSON.stringify(next && glucoseCursors.seal(next));
  out.copy(fragment('{"groups":'));
  writeGroups(out, readings, dexcomProvider);
  out.copy(fragment(`,"next":${cursor},"next_cursor":${cursor}}`));
  return out.finish();
}

function positionOf(cursors: GlucoseCursors, { userId, provider, window, cursor }: GlucoseQuery): GlucosePosition {
  const { from, to } = window;
  const query = { user: userId, provider, from, to };
  if (cursor === undefined) return { ...query, boundary: from, edge: [] };

  const position = cursors.open(cursor);
  const belongs = position?.user === userId && position.provider === provider && position.from === from && position.to === to;
  if (!belongs) throw invalid({ type: 'value_error', loc: ['query', 'next_cursor'], msg: 'Not a cursor of this query', input: cursor });
  return position;
}
