import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import type { DeliveryDoc } from '../../src/storage/deliveries';
import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { inLanes } from '../../src/webhooks/inLanes';
import { freshDatabase } from '../../test/storage/freshDatabase';
import { openPostOffice, type PostOffice } from '../../test/webhooks/postOffice';
import { type Receiver, startReceiver } from '../../test/webhooks/receiver';
import type { Figure } from '../figure';
import { median } from '../statistics';
import { timed } from '../stopwatch';

const ENDPOINTS = 200;
/** Of one connection's, as a poll leaves them. */
const MESSAGES_EACH = 4;
const AT_ONCE = 16;
const ROUNDS = 5;
/** Made a moment ago when its turn comes, as a poll's messages are. */
const FRESH_MS = 60_000;

/** What `deliver` does for 200 connections, each with an endpoint of its own, beside a loop that signs, posts and writes as often. */
export const webhookRate: Figure = {
  name: 'webhookRate',

  async measure() {
    const receiver = await startReceiver();
    const office = await openPostOffice();
    const hand = await byHand(receiver);
    try {
      const endpoints: WebhookEndpointDoc[] = [];
      for (let n = 0; n < ENDPOINTS; n++) endpoints.push(await office.addEndpoint({ url: receiver.url }));

      const ours: number[] = [];
      const floor: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const outbox: MessageDoc[][] = [];
        for (const endpoint of endpoints)
          outbox.push(await office.addMessages(MESSAGES_EACH, [endpoint], { createdAt: Date.now() + FRESH_MS }));
        await hand.prepare(outbox);
        const rates = [
          perSecond(await timed(() => deliverAll(office, outbox))),
          perSecond(await timed(() => hand.deliverAll(outbox))),
        ] as const;
        // The first one opens connections.
        if (round === 0) continue;
        ours.push(rates[0]);
        floor.push(rates[1]);
      }
      const undelivered = await office.undispatched();
      if (undelivered > 0) throw new Error(`${undelivered} messages were not taken inline: the machine is too busy to measure this`);
      return {
        measurements: [
          {
            figure: `webhook deliveries per second, ${ENDPOINTS} endpoints`,
            goal: { of: 'ratio', is: 'at least', value: 0.8 },
            measured: { value: median(ours), unit: 'per s' },
            floor: { value: median(floor), unit: 'per s' },
          },
        ],
        notes: [
          `${ROUNDS} interleaved rounds of ${ENDPOINTS * MESSAGES_EACH} messages, ${AT_ONCE} connections at once in both; in both a write for each delivery and one for all of a connection; the receiver runs in this process`,
          'dispatch alone, without the workflow task around it; ours also reads the endpoints, opens each secret and guards each address',
        ],
      };
    } finally {
      await office.close();
      await Promise.all([receiver.close(), hand.close()]);
    }
  },
};

const perSecond = (ms: number): number => (ENDPOINTS * MESSAGES_EACH * 1000) / ms;

const deliverAll = (office: PostOffice, outbox: readonly (readonly MessageDoc[])[]): Promise<void> =>
  together(outbox, (messages) => office.deliver(messages, 60_000));

const together = <Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> =>
  inLanes([...items.entries()], { lanes: AT_ONCE, keyOf: ([n]) => String(n) }, async ([, item]) => {
    await run(item);
    return true;
  });

async function byHand({ url }: Receiver) {
  const database = await freshDatabase();
  const agent = new Agent();
  const messages = database.db.collection<MessageDoc>('messages_by_hand');
  const deliveries = database.db.collection<DeliveryDoc>('deliveries_by_hand');

  async function deliver({ _id, body, targets, teamId, createdAt }: MessageDoc): Promise<void> {
    const at = Date.now();
    const timestamp = String(Math.floor(at / 1000));
    const signature = createHmac('sha256', 'secret').update(`${_id}.${timestamp}.${body}`).digest('base64');
    const headers = {
      'content-type': 'application/json',
      'svix-id': _id,
      'svix-timestamp': timestamp,
      'svix-signature': `v1,${signature}`,
    };
    const { statusCode, body: answer } = await request(url, { method: 'POST', dispatcher: agent, headers, body });
    await answer.dump();
    const [endpointId = ''] = targets;
    const delivery = {
      _id: `${_id}:${endpointId}`,
      teamId,
      endpointId,
      messageId: _id,
      state: 'accepted',
      createdAt,
      nextAttemptAt: null,
      attempts: 1,
      refusals: 0,
    } as const;
    await deliveries.insertOne({
      ...delivery,
      lastStatus: statusCode,
      lastError: null,
      lastLatencyMs: Date.now() - at,
      lastAttemptAt: at,
      acceptedAt: at,
    });
  }

  return {
    async prepare(outbox: readonly (readonly MessageDoc[])[]): Promise<void> {
      await messages.insertMany(outbox.flat());
    },
    async deliverAll(outbox: readonly (readonly MessageDoc[])[]): Promise<void> {
      await together(outbox, async (ofOne) => {
        for (const message of ofOne) await deliver(message);
        await messages.updateMany({ _id: { $in: ofOne.map(({ _id }) => _id) } }, { $set: { dispatched: true } });
      });
    },
    async close(): Promise<void> {
      await Promise.all([agent.close(), database.close()]);
    },
  };
}
