import type { FeedPlace } from '../storage/feedConsumers';
import type { FeedEntryRef } from '../storage/feedEntries';
import type { MessageDoc } from '../storage/messages';
import { appendMessages } from './appendMessages';
import { wantsType } from './eventTypes';
import type { Feed } from './feed';
import { nextEntries } from './nextEntries';
import { type Settled, settleEntries } from './settleEntries';

/** What is asked of a team's feed. */
export interface FeedQuery extends FeedPlace {
  readonly teamId: string;
  /** With wildcards; null for all. */
  readonly types: readonly string[] | null;
  /** Null for everybody. */
  readonly userId: string | null;
  readonly limit: number;
}

export interface FeedPage {
  readonly messages: readonly MessageDoc[];
  /** The entry looked at last, whether it was wanted or not. */
  readonly last: FeedEntryRef;
  /** There may be more behind it. */
  readonly hasMore: boolean;
}

/** A filter that hardly anything passes has its answer after so much work, with a position further on. */
const MOST_LOOKED_AT = 1_000;
const LOOK_FOR_MS = 2_000;

/**
 * What comes after an entry, in the order that is the same for everybody. Whoever goes on with the last entry of each answer gets every
 * message once: what has no place yet gets one here, behind all that anybody was given.
 * @throws FeedPositionExpired
 */
export async function readFeed(feed: Feed, query: FeedQuery): Promise<FeedPage> {
  const { teamId, limit } = query;
  const until = Date.now() + LOOK_FOR_MS;
  const found: string[] = [];
  let last: FeedEntryRef = query;
  let hasMore = true;

  for (let lookedAt = 0; hasMore && lookedAt < MOST_LOOKED_AT && found.length < limit && Date.now() < until; ) {
    const run = await nextEntries(feed, teamId, last, limit);
    if (run.length === 0) {
      hasMore = await appendMessages(feed, teamId, last.position, limit);
      continue;
    }
    const wanted = (await settleEntries(feed, teamId, run)).filter((settled) => isWanted(query, settled));
    const taken = wanted.slice(0, limit - found.length);
    found.push(...taken.map(({ message }) => message._id));
    // Behind the last one that was wanted nothing more is looked at, unless all that were wanted are taken.
    last = (taken.length < wanted.length ? taken.at(-1) : null)?.entry ?? run.at(-1) ?? last;
    lookedAt += run.length;
  }
  return { messages: await inOrder(feed, teamId, found), last, hasMore };
}

const isWanted = ({ types, userId, since }: FeedQuery, { entry, message }: Settled): boolean =>
  entry.at >= since && wantsType(types, message.type) && (userId === null || message.userId === userId);

/** One that was erased meanwhile is left out. */
async function inOrder({ messages }: Feed, teamId: string, ids: readonly string[]): Promise<readonly MessageDoc[]> {
  if (ids.length === 0) return [];
  const found = new Map((await messages.read(teamId, ids)).map((message) => [message._id, message]));
  return ids.flatMap((id) => found.get(id) ?? []);
}
