import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Db } from 'mongodb';
import { appendLeft } from '../../src/feed/appendLeft';
import { appendMessages } from '../../src/feed/appendMessages';
import type { Feed } from '../../src/feed/feed';
import { purgeFeeds } from '../../src/feed/purgeFeeds';
import { type FeedPage, readFeed } from '../../src/feed/readFeed';
import { startingPlace } from '../../src/feed/startingPlace';
import type { Database } from '../../src/storage/database';
import type { FeedPlace } from '../../src/storage/feedConsumers';
import { FeedEntries } from '../../src/storage/feedEntries';
import { type MessageDoc, Messages } from '../../src/storage/messages';
import { seededRandom } from '../crash/seededRandom';
import { mongodbUri } from '../servers';
import { freshDatabase } from '../storage/freshDatabase';
import { gatedDb } from '../sync/gatedDb';
import { sleepingGate } from '../sync/sleepingGate';
import { aMessage } from '../webhooks/samples';
import { until } from '../workflows/stage';
import type { WriterOrder } from './writer';

const DAY_MS = 86_400_000;

let database: Database;
let feed: Feed;
let teamId: string;

beforeAll(async () => {
  database = await freshDatabase();
  feed = feedOn(database.db);
});
beforeEach(() => {
  teamId = randomUUID();
});
afterAll(() => database?.close());

const feedOn = (db: Db): Feed => ({ entries: new FeedEntries(db), messages: new Messages(db), keptMs: 30 * DAY_MS });
const record = async (given: Partial<MessageDoc> = {}): Promise<string> => {
  const message = aMessage({ teamId, ...given });
  await feed.messages.insert(message);
  return message._id;
};

/** As if all that stands in the feed had been made long ago. */
const aged = () => database.db.collection('feed').updateMany({ teamId }, { $set: { at: 1 } });

/** Somebody who goes on with the position of each answer. */
class Reader {
  readonly seen: string[] = [];

  constructor(private place: FeedPlace = { position: 0, nonce: null, since: 0 }) {}

  async read(limit: number, through = feed): Promise<FeedPage> {
    const page = await readFeed(through, { ...this.place, teamId, types: null, userId: null, limit });
    this.seen.push(...page.messages.map(({ _id }) => _id));
    this.place = { ...this.place, position: page.last.position, nonce: page.last.nonce };
    return page;
  }

  /** @returns all it has seen */
  async readAll(limit = 50): Promise<readonly string[]> {
    while ((await this.read(limit)).hasMore);
    return this.seen;
  }
}

test('a writer that falls asleep before any of its steps, and wakes when others have gone on, makes nobody miss or repeat anything', async () => {
  let steps = 0;
  for (let slept = true; slept; steps++) {
    teamId = randomUUID();
    const ids = [await record({ createdAt: Date.now() - 3 }), await record({ createdAt: Date.now() - 2 })];
    const { gate, asleepBefore, wake } = sleepingGate(steps);
    const appended = appendMessages(feedOn(gatedDb(database.db, gate)), teamId, 0, 2);
    slept = await asleepBefore(appended);

    const reader = new Reader();
    await reader.readAll(1);
    ids.push(await record());
    await reader.readAll();
    wake();
    await appended;
    ids.push(await record());
    expect([await reader.readAll(), steps]).toEqual([ids, steps]);
    expect(await new Reader().readAll()).toEqual(ids);
  }
  expect(steps).toBeGreaterThan(8);
});

test('a reader that falls asleep before any of its steps, at an entry whose writer wakes meanwhile, misses and repeats nothing', async () => {
  await record();
  const names: string[] = [];
  await appendMessages(feedOn(gatedDb(database.db, async (_, name) => void names.push(name))), teamId, 0, 1);
  const placing = names.indexOf('messages.updateOne');

  for (let [steps, slept] = [0, true]; slept; steps++) {
    teamId = randomUUID();
    const id = await record();
    const writer = sleepingGate(placing);
    const appended = appendMessages(feedOn(gatedDb(database.db, writer.gate)), teamId, 0, 1);
    expect(await writer.asleepBefore(appended)).toBe(true);

    const reader = new Reader();
    const { gate, asleepBefore, wake } = sleepingGate(steps);
    const reading = reader.read(50, feedOn(gatedDb(database.db, gate)));
    slept = await asleepBefore(reading);
    writer.wake();
    await appended;
    wake();
    await reading;
    expect([await reader.readAll(), steps]).toEqual([[id], steps]);
  }
});

test('a writer that sleeps until what it was about to write behind is purged gives no message a place that nobody comes to', async () => {
  let steps = 0;
  for (let slept = true; slept; steps++) {
    teamId = randomUUID();
    const { gate, asleepBefore, wake } = sleepingGate(steps);
    await record();
    const appended = appendMessages(feedOn(gatedDb(database.db, gate)), teamId, 0, 3);
    slept = await asleepBefore(appended);

    const reader = new Reader();
    await record();
    await reader.readAll();
    await aged();
    await database.db.collection('messages').updateMany({ teamId }, { $set: { createdAt: 1 } });
    const seen = [...(await reader.readAll())];
    await purgeFeeds(feed);
    seen.push(await record());
    wake();
    await appended;
    expect([await reader.readAll(), steps]).toEqual([seen, steps]);
    seen.push(await record());
    expect(await reader.readAll()).toEqual(seen);
  }
  expect(steps).toBeGreaterThan(4);
});

test.each([
  ['an instant', () => Date.now() - 60_000],
  ['the oldest that is kept', () => null],
])('whoever begins with %s, and sleeps while it is looked for, misses nothing that is appended meanwhile', async (_, start) => {
  let steps = 0;
  for (let slept = true; slept; steps++) {
    teamId = randomUUID();
    await record();
    await new Reader().readAll();
    await aged();

    const { gate, asleepBefore, wake } = sleepingGate(steps);
    const found = startingPlace(feedOn(gatedDb(database.db, gate)), teamId, start());
    slept = await asleepBefore(found);
    const id = await record();
    await appendMessages(feed, teamId, 0, 1);
    wake();
    expect([await new Reader(await found).readAll(), steps]).toEqual([[id], steps]);
  }
  expect(steps).toBeGreaterThan(2);
});

test('the scheduled repair appends where somebody has begun to read, and purges what is too old but its newest', async () => {
  const unread = teamId;
  await record();
  teamId = randomUUID();
  const old = [await record({ createdAt: Date.now() - 29 * DAY_MS }), await record({ createdAt: Date.now() - 28 * DAY_MS })];
  expect(await new Reader().readAll()).toEqual(old);
  const late = await record();
  await appendLeft(feed);
  expect(await feed.entries.tail(teamId)).toMatchObject({ position: 3, messageId: late });
  expect(await feed.entries.tail(unread)).toBeNull();

  const positions = async () => (await feed.entries.after(teamId, 0, 10)).map(({ position }) => position);
  expect(await positions()).toEqual([1, 2, 3]);
  await purgeFeeds({ ...feed, keptMs: DAY_MS });
  expect(await positions()).toEqual([2, 3]);
  await purgeFeeds({ ...feed, keptMs: -DAY_MS });
  expect(await positions()).toEqual([3]);
});

describe('with writers that are killed and stopped at any time', () => {
  const random = seededRandom('a feed');
  const running = new Set<ChildProcess>();
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
  });

  function startWriter(): ChildProcess {
    const order: WriterOrder = { mongodbUri: mongodbUri(), database: database.db.databaseName, teamId };
    const child = spawn(process.execPath, ['--import', 'tsx', require.resolve('./writer'), JSON.stringify(order)], { stdio: 'inherit' });
    running.add(child.once('exit', () => running.delete(child)));
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  test('a reader sees every message once, in the order that is everybody’s', async () => {
    const reader = new Reader();
    const goOn = (messages: number) => {
      const end = reader.seen.length + messages;
      return until('messages of those who write', async () => {
        await reader.read(1 + Math.floor(random() * 20));
        return reader.seen.length > end;
      });
    };
    const writers = [startWriter(), startWriter(), startWriter()];
    await goOn(30);
    for (let round = 0; round < 4; round++) {
      const index = Math.floor(random() * 2);
      const [stopped, killed] = [writers[2], writers[index]];
      if (!stopped || !killed) throw new Error('three writers');
      stopped.kill('SIGSTOP');
      // Where it stops, and how long, is left to chance; that others go on meanwhile is not.
      await goOn(5 + random() * 20);
      stopped.kill('SIGCONT');
      await goOn(5 + random() * 20);
      if (round % 3 !== 0) continue;
      await kill(killed);
      writers[index] = startWriter();
    }
    await Promise.all(writers.map(kill));

    const seen = await reader.readAll();
    const recorded = await database.db.collection<MessageDoc>('messages').find({ teamId }).toArray();
    expect(seen.length).toBe(recorded.length);
    expect([...seen].sort()).toEqual(recorded.map(({ _id }) => _id).sort());
    expect(await new Reader().readAll(250)).toEqual(seen);
  });
});
