import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../src/storage/database';
import { type DeliveryDoc, deliveryId } from '../../src/storage/deliveries';
import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { mongodbUri } from '../../test/servers';
import { aMessage } from '../../test/webhooks/samples';

const AT_ONCE = 1_000;
/** Of one connection's in a row, as polls leave them. */
const MESSAGES_EACH = 4;

/** What an endpoint's outage has left, straight into the database: so many messages that wait, a millisecond apart. @param standing of each instead */
export async function leaveBacklog(
  databaseName: string,
  { _id: endpointId, teamId }: WebhookEndpointDoc,
  count: number,
  standing: (message: MessageDoc) => Partial<DeliveryDoc> = () => ({}),
): Promise<void> {
  const { db, close } = await openDatabase({ uri: mongodbUri(), name: databaseName });
  const beganAt = Date.now() - count;
  let connectionId = randomUUID();
  for (let from = 0; from < count; from += AT_ONCE) {
    const messages: MessageDoc[] = [];
    for (let n = from; n < Math.min(count, from + AT_ONCE); n++) {
      if (n % MESSAGES_EACH === 0) connectionId = randomUUID();
      messages.push(aMessage({ teamId, connectionId, createdAt: beganAt + n, targets: [endpointId], dispatched: true }));
    }
    await db.collection<MessageDoc>('messages').insertMany(messages, { ordered: false });
    await db.collection<DeliveryDoc>('deliveries').insertMany(
      messages.map((message) => ({ ...waiting(message, endpointId), ...standing(message) })),
      { ordered: false },
    );
  }
  await close();
}

const waiting = ({ _id: messageId, teamId, createdAt }: MessageDoc, endpointId: string): DeliveryDoc => ({
  ...{ _id: deliveryId(messageId, endpointId), teamId, endpointId, messageId, state: 'pending', createdAt, nextAttemptAt: null },
  ...{ attempts: 0, refusals: 0, lastStatus: null, lastError: null, lastLatencyMs: null, lastAttemptAt: null, acceptedAt: null },
});
