import { randomUUID } from 'node:crypto';
import { Attempts } from '../../src/storage/attempts';
import type { Database } from '../../src/storage/database';
import { Deliveries } from '../../src/storage/deliveries';
import { type MessageDoc, Messages } from '../../src/storage/messages';
import { WebhookEndpoints } from '../../src/storage/webhookEndpoints';
import { purgeMessages } from '../../src/webhooks/purgeMessages';
import { freshDatabase } from '../storage/freshDatabase';
import { aMessage, anEndpoint } from './samples';

const DAY_MS = 86_400_000;
const KEPT_MS = 30 * DAY_MS;
const OLD = Date.now() - KEPT_MS - 2 * DAY_MS;

describe('a message whose time in storage is over', () => {
  let database: Database;
  let told: { messages: Messages; deliveries: Deliveries; attempts: Attempts; endpoints: WebhookEndpoints };
  const teamId = randomUUID();
  const endpointId = randomUUID();

  beforeEach(async () => {
    database = await freshDatabase();
    const { db } = database;
    told = { messages: new Messages(db), deliveries: new Deliveries(db), attempts: new Attempts(db), endpoints: new WebhookEndpoints(db) };
    await told.endpoints.insert(anEndpoint({ _id: endpointId, teamId }));
  });
  afterEach(() => database.close());

  const record = async (given: Partial<MessageDoc> = {}): Promise<MessageDoc> => {
    const { position, agesFrom, ...message } = aMessage({ teamId, createdAt: OLD, dispatched: true, targets: [endpointId], ...given });
    await told.messages.insert(message);
    return { ...message, position, agesFrom };
  };
  const keyOf = ({ _id: messageId, createdAt }: MessageDoc) => ({ teamId, endpointId, messageId, createdAt });
  const attempt = (at: number, status = 200) => ({ at, status, error: null, tookMs: 1 });
  const log = (message: MessageDoc, at: number) =>
    told.attempts.insert({
      ...keyOf(message),
      at,
      outcome: 'failed',
      status: 500,
      error: 'HTTP 500',
      latencyMs: 1,
      excerpt: null,
      nextAttemptAt: null,
    });
  const count = async () => {
    const { db } = database;
    return Promise.all(['messages', 'deliveries', 'attempts'].map((name) => db.collection(name).countDocuments()));
  };

  test('is removed with its deliveries and attempts, that of a message nobody wanted too; a younger one stays', async () => {
    const taken = await record();
    await log(taken, OLD);
    await told.deliveries.accept(keyOf(taken), attempt(OLD + 1));
    await record({ targets: [] });
    const young = await record({ createdAt: Date.now() - KEPT_MS });
    await told.deliveries.accept(keyOf(young), attempt(Date.now() - KEPT_MS));
    expect(await purgeMessages(told, KEPT_MS)).toBe(2);
    expect(await count()).toEqual([1, 1, 0]);
    expect(await told.messages.read(teamId, [young._id])).toHaveLength(1);
  });

  test('stays as long as it is not on its way, an endpoint has not taken it, or was tried lately', async () => {
    await record({ dispatched: false });
    const pending = await record();
    await told.deliveries.leavePending(keyOf(pending), null);
    const late = await record();
    await told.deliveries.leavePending(keyOf(late), null);
    await told.deliveries.acceptPending({ _id: `${late._id}:${endpointId}`, teamId }, attempt(Date.now() - DAY_MS));
    expect(await purgeMessages(told, KEPT_MS)).toBe(0);
    expect(await count()).toEqual([3, 2, 0]);
  });

  test('is not kept for an endpoint that is gone, though something was left pending for it after it went', async () => {
    const gone = randomUUID();
    const message = await record({ targets: [gone] });
    await told.deliveries.leavePending({ ...keyOf(message), endpointId: gone }, null);
    expect(await purgeMessages(told, KEPT_MS)).toBe(1);
    expect(await count()).toEqual([0, 0, 0]);
  });

  test('and that is still needed, does not keep the next ones from going', async () => {
    const needed = await Promise.all(Array.from({ length: 500 }, () => record()));
    for (const message of needed) await told.deliveries.leavePending(keyOf(message), null);
    await record({ createdAt: OLD + 1 });
    expect(await purgeMessages(told, KEPT_MS)).toBe(1);
    expect(await told.messages.agedBefore(Date.now() - KEPT_MS - DAY_MS, 1_000)).toEqual([]);
  });

  test('is kept for the days by which endpoints are judged, however short the feed', async () => {
    await record({ createdAt: Date.now() - 6 * DAY_MS });
    await record({ createdAt: Date.now() - 8 * DAY_MS });
    expect(await purgeMessages(told, DAY_MS)).toBe(1);
  });
});
