import type { FeedEntryDoc } from '../storage/feedEntries';
import { type Feed, keptSince } from './feed';

/** What comes after a position is kept no more, or not yet: the database was restored from before it. Nothing is passed over in silence. */
export class FeedPositionExpired extends Error {
  override readonly name = 'FeedPositionExpired';

  /** @param oldest behind this one reading can go on with the oldest entry that is kept */
  constructor(readonly oldest: number) {
    super('what follows this position in the feed is not there');
  }
}

/**
 * Up to `count` entries right behind a position: none is left out, and empty is the feed's end.
 * @throws FeedPositionExpired
 */
export async function nextEntries(feed: Feed, teamId: string, position: number, count: number): Promise<readonly FeedEntryDoc[]> {
  const since = keptSince(feed);
  const run = withoutGap(position, await feed.entries.after(teamId, position, count));
  if (run.length > 0) return keptOrThrow(feed, teamId, run, since);

  const tail = await feed.entries.tail(teamId, position);
  if ((tail?.position ?? 0) === position) return [];
  // It may have come between the two looks.
  const late = withoutGap(position, await feed.entries.after(teamId, position, count));
  if (late.length > 0) return keptOrThrow(feed, teamId, late, since);
  throw new FeedPositionExpired(await oldestKept(feed, teamId, position, since));
}

/** Behind which position the entries begin that are kept. @param from where to begin to look */
export async function oldestKept({ entries }: Feed, teamId: string, from: number, since: number): Promise<number> {
  const floor = await entries.floor(teamId);
  // Asked before the search: where that finds nothing, what others append meanwhile must lie behind the answer.
  const tail = await entries.tail(teamId);
  const first = (await entries.firstSince(teamId, Math.max(from, floor), since)) ?? (await entries.firstSince(teamId, floor, since));
  return first ? first.position - 1 : (tail?.position ?? 0);
}

/** Servers that keep a collection in several places may show an entry and not yet the one before it. */
function withoutGap(position: number, entries: readonly FeedEntryDoc[]): readonly FeedEntryDoc[] {
  const gap = entries.findIndex((entry, index) => entry.position !== position + 1 + index);
  return gap === -1 ? entries : entries.slice(0, gap);
}

/** The purge may be half-way, or on its way: what is too old counts as gone in either case. Entries are in order of age. */
async function keptOrThrow(feed: Feed, teamId: string, run: readonly FeedEntryDoc[], since: number): Promise<readonly FeedEntryDoc[]> {
  const [first] = run;
  if (first && first.at < since) throw new FeedPositionExpired(await oldestKept(feed, teamId, first.position, since));
  return run;
}
