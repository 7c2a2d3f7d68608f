import { randomUUID } from 'node:crypto';
import { FeedWatch, MOST_WAITING_OF_TEAM } from '../../src/feed/feedWatch';
import type { Database } from '../../src/storage/database';
import { FeedEntries } from '../../src/storage/feedEntries';
import { Messages } from '../../src/storage/messages';
import { freshDatabase } from '../storage/freshDatabase';
import { aMessage } from '../webhooks/samples';

const LONG_MS = 60_000;

describe('waiting for a feed to go on', () => {
  let database: Database;
  let watch: FeedWatch;
  let messages: Messages;

  beforeAll(async () => {
    database = await freshDatabase();
    messages = new Messages(database.db);
  });
  afterAll(() => database.close());
  beforeEach(() => {
    watch = new FeedWatch({ entries: new FeedEntries(database.db), messages, keptMs: 86_400_000 });
  });
  afterEach(() => watch.close());

  const wait = (teamId: string): Promise<boolean> => watch.goesOn(teamId, 0, LONG_MS, new AbortController().signal);

  test('one team takes no other’s place, however many of its readers wait', async () => {
    const [greedy, other] = [randomUUID(), randomUUID()];
    const waiting = Array.from({ length: MOST_WAITING_OF_TEAM }, () => wait(greedy));
    expect(await wait(greedy)).toBe(false);

    const heard = wait(other);
    await messages.insert(aMessage({ teamId: other }));
    expect(await heard).toBe(true);
    await messages.insert(aMessage({ teamId: greedy }));
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([true]));
  });
});
