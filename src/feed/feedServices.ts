import type { Db } from 'mongodb';
import { FeedConsumers } from '../storage/feedConsumers';
import { FeedEntries } from '../storage/feedEntries';
import { Messages } from '../storage/messages';
import type { Feed } from './feed';
import { FeedWatch } from './feedWatch';

/** What serves the feed to those who ask. */
export interface FeedServices extends Feed {
  readonly consumers: FeedConsumers;
  readonly watch: FeedWatch;
}

export function createFeedServices(db: Db, keptMs: number): FeedServices {
  const feed: Feed = { entries: new FeedEntries(db), messages: new Messages(db), keptMs };
  return { ...feed, consumers: new FeedConsumers(db), watch: new FeedWatch(feed) };
}
