import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { drainBacklog } from '../../src/webhooks/drainBacklog';
import { drainOf } from './drainOf';
import { never } from './never';
import { openPostOffice, type PostOffice, quickPolicy, until } from './postOffice';
import { type Receiver, startReceiver, withStatus } from './receiver';

const HOUR_MS = 3_600_000;

describe('the log of attempts says when the next one is', () => {
  let office: PostOffice;
  let receiver: Receiver;

  beforeAll(async () => {
    office = await openPostOffice({ ...quickPolicy, probeAfterMs: [100], probeEveryMs: 100 * HOUR_MS });
  });
  afterAll(() => office?.close());
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  /** Latest first. */
  const nextOf = async ({ _id: endpointId, teamId }: WebhookEndpointDoc) =>
    (await office.attempts.page({ teamId, endpointId }, null, 0, 10)).map(({ nextAttemptAt }) => nextAttemptAt);
  const leave = async (message: MessageDoc, { _id: endpointId, teamId }: WebhookEndpointDoc) =>
    office.deliveries.leavePending({ teamId, endpointId, messageId: message._id, createdAt: message.createdAt }, null);
  const drain = (endpoint: WebhookEndpointDoc) => drainBacklog(office, drainOf(endpoint, { failures: 1 }));

  test('of a failing endpoint: when its workflow ends its sleep; not of the inline post that began it', async () => {
    const stopWork = await office.work();
    try {
      const endpoint = await office.addEndpoint({ url: receiver.url });
      receiver.answer(withStatus(503));
      await office.deliver(await office.addMessages(1, [endpoint]));
      await until(async () => (await office.details(endpoint)).includes('2 attempts in a row'));
      const [next, inline, ...more] = await nextOf(endpoint);
      const sleepsUntil = /next probe at ([\dT:.-]+Z)/.exec(await office.details(endpoint))?.[1] ?? never();
      // Of a wait that is 80 to 120 hours.
      expect(Math.abs(Date.parse(sleepsUntil) - (next ?? 0))).toBeLessThan(HOUR_MS / 6);
      expect([inline, ...more]).toEqual([null]);
    } finally {
      await stopWork();
    }
  });

  test('of an inline post whose answer asks for time: then', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    receiver.answer(withStatus(429, { 'retry-after': '3600' }));
    await office.deliver(await office.addMessages(2, [endpoint]));
    const stored = await office.endpoints.get({ teamId: office.teamId }, endpoint._id);
    expect(stored?.notBefore).toBeGreaterThan(Date.now());
    expect(await nextOf(endpoint)).toEqual([stored?.notBefore]);
  });

  test.each([
    ['of each of three that were refused in a row', 500, 3],
    ['of one that found it too busy', 503, 1],
  ])('%s: when the endpoint is tried', async (_, status, tries) => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    for (const message of await office.addMessages(3, [endpoint])) await leave(message, endpoint);
    receiver.answer(withStatus(status));
    const began = Date.now();
    const result = await drain(endpoint);
    expect(result).toMatchObject({ kind: 'failed', waitMs: expect.any(Number) });
    const nexts = await nextOf(endpoint);
    expect(nexts).toHaveLength(tries);
    for (const next of nexts) expect(next).toBeGreaterThan(began);
    expect(new Set(nexts).size).toBe(1);
  });

  test('of one that stood aside when its endpoint went away: when the endpoint is tried', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const [message = never()] = await office.addMessages(1, [endpoint]);
    await leave(message, endpoint);
    await office.deliveries.setAside({ _id: `${message._id}:${endpoint._id}`, teamId: office.teamId }, 1, Date.now() - 1);
    receiver.answer(withStatus(502));
    const began = Date.now();
    expect(await drain(endpoint)).toMatchObject({ kind: 'failed', waitMs: expect.any(Number) });
    expect(await nextOf(endpoint)).toEqual([expect.any(Number)]);
    expect((await nextOf(endpoint))[0]).toBeGreaterThan(began);
  });

  test('of one that was answered 410: none', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    for (const message of await office.addMessages(1, [endpoint])) await leave(message, endpoint);
    receiver.answer(withStatus(410));
    await drain(endpoint);
    expect(await nextOf(endpoint)).toEqual([null]);
  });
});
