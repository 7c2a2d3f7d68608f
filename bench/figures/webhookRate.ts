import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { openPostOffice } from '../../test/webhooks/postOffice';
import type { Figure } from '../figure';
import { median } from '../statistics';
import { timed } from '../stopwatch';
import { atOnce } from '../worlds/atOnce';
import { openSink } from '../worlds/sink';
import { webhooksByHand } from '../worlds/webhooksByHand';

const ENDPOINTS = 200;
/** Of one connection's, as a poll leaves them. */
const MESSAGES_EACH = 4;
const AT_ONCE = 16;
const ROUNDS = 5;
/** Made a moment ago when its turn comes, as a poll's messages are. */
const FRESH_MS = 60_000;

/**
 * What `deliver` does for 200 connections, each with an endpoint of its own, beside a loop that signs, posts and writes as often, and one that only
 * signs and posts.
 */
export const webhookRate: Figure = {
  name: 'webhookRate',

  async measure() {
    const sink = await openSink();
    const office = await openPostOffice();
    const hand = await webhooksByHand(sink.url);
    try {
      const endpoints: WebhookEndpointDoc[] = [];
      for (let n = 0; n < ENDPOINTS; n++) endpoints.push(await office.addEndpoint({ url: sink.url }));

      const ours: number[] = [];
      const floor: number[] = [];
      const bare: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const outbox: MessageDoc[][] = [];
        for (const endpoint of endpoints)
          outbox.push(await office.addMessages(MESSAGES_EACH, [endpoint], { createdAt: Date.now() + FRESH_MS }));
        await hand.prepare(outbox.flat());
        const rates = [
          await rate(outbox, (messages) => office.deliver(messages, FRESH_MS)),
          await rate(outbox, hand.deliver),
          await rate(outbox, hand.post),
        ] as const;
        // The first one opens connections.
        if (round === 0) continue;
        ours.push(rates[0]);
        floor.push(rates[1]);
        bare.push(rates[2]);
      }
      const undelivered = await office.undispatched();
      if (undelivered > 0) throw new Error(`${undelivered} messages were not taken inline: the machine is too busy to measure this`);
      const measured = { value: median(ours), unit: 'per s' };
      return {
        measurements: [
          {
            figure: `webhook deliveries per second, ${ENDPOINTS} endpoints`,
            goal: { of: 'ratio', is: 'at least', value: 0.8 },
            measured,
            floor: { value: median(floor), unit: 'per s' },
          },
          { figure: 'the same over a loop without a database', goal: null, measured, floor: { value: median(bare), unit: 'per s' } },
        ],
        notes: [
          `${ROUNDS} interleaved rounds of ${ENDPOINTS * MESSAGES_EACH} messages, ${AT_ONCE} connections at once in all; by hand a write for each delivery and one for all of a connection, or none; the receiver runs in this process`,
          'dispatch alone, without the workflow task around it; ours also reads the endpoints, opens each secret and guards each address, and keeps its indexes; what goes to the database at the same time goes there together',
        ],
      };
    } finally {
      await office.close();
      await Promise.all([sink.close(), hand.close()]);
    }
  },
};

const rate = async (outbox: readonly MessageDoc[][], run: (messages: readonly MessageDoc[]) => Promise<void>): Promise<number> =>
  (ENDPOINTS * MESSAGES_EACH * 1_000) / (await timed(() => atOnce(AT_ONCE, outbox, run)));
