import type { FeedEntryDoc } from '../storage/feedEntries';
import { type Feed, keptSince } from './feed';
import { settleEntries } from './settleEntries';

/**
 * Gives messages of a team that have no place in its feed the next ones, oldest first. Any number of processes may be at it at once: a position
 * is taken by an insert that succeeds once, only ever right behind the newest, so there is no gap; whoever comes second looks again.
 * @param known a position that was there
 * @param most that this call appends
 * @returns whether there was anything to append
 */
export async function appendMessages(feed: Feed, teamId: string, known: number, most: number): Promise<boolean> {
  const since = keptSince(feed);
  if ((await feed.messages.unplaced(teamId, since, 1)).length === 0) return false;

  for (let left = most; left > 0; ) {
    const tail = await feed.entries.tail(teamId, known);
    // Its writer may have died behind it: its message would get a second entry, which would be void and cost everybody a look.
    if (tail) await settleEntries(feed, teamId, [tail]);
    // Asked after the tail: what has got a place up to there is not in it.
    const waiting = await feed.messages.unplaced(teamId, since, left);
    if (waiting.length === 0) return true;
    left -= await appendAfter(feed, { teamId, position: 0, at: 0, ...tail }, waiting);
  }
  return true;
}

/** @returns how many, up to the first whose position somebody else has taken */
async function appendAfter(
  { entries, messages }: Feed,
  tail: Pick<FeedEntryDoc, 'teamId' | 'position' | 'at'>,
  waiting: Awaited<ReturnType<Feed['messages']['unplaced']>>,
): Promise<number> {
  const { teamId } = tail;
  let { position, at } = tail;
  for (const [appended, { _id: messageId, createdAt }] of waiting.entries()) {
    position++;
    at = Math.max(at, createdAt);
    if (!(await entries.insert({ teamId, position, messageId, at }))) return appended;
    // Free again, because what stood there was purged while this process slept.
    if (position <= (await entries.floor(teamId))) return appended;
    await messages.place(teamId, messageId, position);
  }
  return waiting.length;
}
