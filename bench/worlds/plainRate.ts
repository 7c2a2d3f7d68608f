import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import type { PostOffice } from '../../test/webhooks/postOffice';
import { timed } from '../stopwatch';
import { atOnce } from './atOnce';

/** Of one connection's, as a poll leaves them. */
const MESSAGES_EACH = 4;
const AT_ONCE = 16;
/** Made a moment ago when its turn comes, as a poll's messages are. */
const FRESH_MS = 60_000;

/** Messages for one endpoint, delivered as they happen. @returns how many per second */
export async function plainRate(office: PostOffice, endpoint: WebhookEndpointDoc, count: number): Promise<number> {
  const outbox: MessageDoc[][] = [];
  for (let n = 0; n < count; n += MESSAGES_EACH)
    outbox.push(await office.addMessages(MESSAGES_EACH, [endpoint], { createdAt: Date.now() + FRESH_MS }));
  const ms = await timed(() => atOnce(AT_ONCE, outbox, (messages) => office.deliver(messages, FRESH_MS)));
  if ((await office.undispatched()) > 0) throw new Error('not everything was taken inline: the machine is too busy to measure this');
  return (count * 1_000) / ms;
}
