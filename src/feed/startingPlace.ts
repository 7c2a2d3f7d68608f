import type { FeedPlace } from '../storage/feedConsumers';
import { type Feed, keptSince } from './feed';
import { oldestKept } from './nextEntries';

/**
 * Where a feed is read from that every message made at or after an instant is in, and nothing older. Also what has no place in it yet: the
 * instant goes along.
 * @param instant Unix milliseconds; null for all that is kept
 */
export async function startingPlace(feed: Feed, teamId: string, instant: number | null): Promise<FeedPlace> {
  const since = instant === null ? 0 : Math.min(instant, Date.now());
  const { position, nonce } = await oldestKept(feed, teamId, 0, Math.max(since, keptSince(feed)));
  return { position, nonce, since };
}
