import { appendMessages } from '../../src/feed/appendMessages';
import { openDatabase } from '../../src/storage/database';
import { FeedEntries } from '../../src/storage/feedEntries';
import { Messages } from '../../src/storage/messages';
import { aMessage } from '../webhooks/samples';

/** What a test says to this process, which it means to stop and to kill. */
export interface WriterOrder {
  readonly mongodbUri: string;
  readonly database: string;
  readonly teamId: string;
}

/** Records messages and appends them, for ever. */
async function write({ mongodbUri, database, teamId }: WriterOrder): Promise<void> {
  const { db } = await openDatabase({ uri: mongodbUri, name: database });
  const feed = { entries: new FeedEntries(db), messages: new Messages(db), keptMs: 86_400_000 };
  for (;;) {
    for (let n = 0; n < 3; n++) await feed.messages.insert(aMessage({ teamId }));
    await appendMessages(feed, teamId, 0, 2);
  }
}

if (require.main === module) void write(JSON.parse(process.argv[2] ?? '{}'));
