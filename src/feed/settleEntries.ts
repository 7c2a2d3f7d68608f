import type { FeedEntryDoc } from '../storage/feedEntries';
import type { FeedMessage } from '../storage/messages';
import type { Feed } from './feed';

/** An entry, and the message that stands there. */
export interface Settled {
  readonly entry: FeedEntryDoc;
  readonly message: FeedMessage;
}

/**
 * Finishes what its writer has left unfinished, and passes over what is void: entries whose message stands elsewhere or was erased. What this
 * has once said of an entry it says for ever, so a reader may go on behind it.
 */
export async function settleEntries(
  { messages, entries: places }: Pick<Feed, 'messages' | 'entries'>,
  teamId: string,
  entries: readonly FeedEntryDoc[],
): Promise<readonly Settled[]> {
  const ids = [...new Set(entries.map(({ messageId }) => messageId))];
  let found = byId(await messages.inFeed(teamId, ids));
  const unfinished = entries.filter(({ messageId }) => found.get(messageId)?.position === 0);
  const floor = unfinished.length > 0 ? await places.floor(teamId) : 0;
  for (const { messageId, position } of unfinished) if (position > floor) await messages.place(teamId, messageId, position);
  // Its writer, or another reader, may have been first, with another place.
  if (unfinished.length > 0) found = byId(await messages.inFeed(teamId, ids));

  return entries.flatMap((entry) => {
    const message = found.get(entry.messageId);
    return message?.position === entry.position ? [{ entry, message }] : [];
  });
}

const byId = (messages: readonly FeedMessage[]): ReadonlyMap<string, FeedMessage> =>
  new Map(messages.map((message) => [message._id, message]));
