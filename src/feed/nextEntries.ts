import type { FeedEntryDoc, FeedEntryRef } from '../storage/feedEntries';
import { type Feed, keptSince } from './feed';

/** What comes after an entry is kept no more, or the database was restored from before there was that entry. Nothing is passed over in silence. */
export class FeedPositionExpired extends Error {
  override readonly name = 'FeedPositionExpired';

  /** @param oldest behind this one reading can go on with the oldest entry that is kept */
  constructor(readonly oldest: FeedEntryRef) {
    super('what follows this entry of the feed is not there');
  }
}

/**
 * Up to `count` entries right behind one: none is left out, and empty is the feed's end.
 * @throws FeedPositionExpired
 */
export async function nextEntries(feed: Feed, teamId: string, behind: FeedEntryRef, count: number): Promise<readonly FeedEntryDoc[]> {
  const since = keptSince(feed);
  const run = await runBehind(feed, teamId, behind, count);
  if (run && run.length > 0) return keptOrThrow(feed, teamId, run, since);

  const tail = await feed.entries.tail(teamId, behind.position);
  if (run && (tail?.position ?? 0) === behind.position) return [];
  // It may have come between the two looks.
  const late = await runBehind(feed, teamId, behind, count);
  if (late && late.length > 0) return keptOrThrow(feed, teamId, late, since);
  // Where another entry has its position, those before it may be others too.
  throw new FeedPositionExpired(await oldestKept(feed, teamId, late ? behind.position : 0, since));
}

/** Behind which entry those begin that are kept. @param from the position where to begin to look */
export async function oldestKept({ entries }: Feed, teamId: string, from: number, since: number): Promise<FeedEntryRef> {
  const floor = await entries.floor(teamId);
  // Asked before the search: where that finds nothing, what others append meanwhile must lie behind the answer.
  const tail = await entries.tail(teamId);
  const first = (await entries.firstSince(teamId, Math.max(from, floor), since)) ?? (await entries.firstSince(teamId, floor, since));
  if (!first) return tail ?? { position: 0, nonce: null };
  const position = first.position - 1;
  const [before] = await entries.after(teamId, position - 1, 1);
  return { position, nonce: before?.nonce ?? null };
}

/** Null if that entry does not stand there: it is purged, or was never in the backup that was restored. */
async function runBehind(
  { entries }: Feed,
  teamId: string,
  { position, nonce }: FeedEntryRef,
  count: number,
): Promise<readonly FeedEntryDoc[] | null> {
  const found = await entries.after(teamId, position - 1, count + 1);
  const there = found[0]?.position === position ? found[0] : null;
  if (nonce !== null && there?.nonce !== nonce) return null;
  return withoutGap(position, there ? found.slice(1) : found);
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
