import type { FeedEntries } from '../storage/feedEntries';
import type { Messages } from '../storage/messages';

/** Every team's messages in one order each, to be asked for (docs/webhooks.md). */
export interface Feed {
  readonly entries: FeedEntries;
  readonly messages: Messages;
  /** How long an entry can be read. */
  readonly keptMs: number;
}

/** Unix milliseconds: what is older can be read no more. */
export const keptSince = ({ keptMs }: Pick<Feed, 'keptMs'>): number => Date.now() - keptMs;
