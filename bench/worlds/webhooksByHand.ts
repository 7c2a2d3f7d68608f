import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import type { DeliveryDoc } from '../../src/storage/deliveries';
import type { MessageDoc } from '../../src/storage/messages';
import { freshDatabase } from '../../test/storage/freshDatabase';

/** The least that delivering webhooks takes, one connection's messages at a time. */
interface WebhooksByHand {
  prepare(messages: readonly MessageDoc[]): Promise<void>;
  /** Signs, posts and writes each, and once that all are dispatched. */
  deliver(messages: readonly MessageDoc[]): Promise<void>;
  /** Signs and posts each. */
  post(messages: readonly MessageDoc[]): Promise<void>;
  close(): Promise<void>;
}

/** @param url where all of them go */
export async function webhooksByHand(url: string): Promise<WebhooksByHand> {
  const database = await freshDatabase();
  const agent = new Agent();
  const stored = database.db.collection<MessageDoc>('messages_by_hand');
  const deliveries = database.db.collection<DeliveryDoc>('deliveries_by_hand');

  return {
    async prepare(messages) {
      await stored.insertMany([...messages]);
    },
    async deliver(messages) {
      for (const message of messages) {
        const at = Date.now();
        const status = await postOne(agent, url, message);
        await deliveries.insertOne(accepted(message, { at, status }));
      }
      await stored.updateMany({ _id: { $in: messages.map(({ _id }) => _id) } }, { $set: { dispatched: true } });
    },
    async post(messages) {
      for (const message of messages) await postOne(agent, url, message);
    },
    async close() {
      await Promise.all([agent.close(), database.close()]);
    },
  };
}

async function postOne(dispatcher: Agent, url: string, { _id, body }: MessageDoc): Promise<number> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', 'secret').update(`${_id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    'content-type': 'application/json',
    'svix-id': _id,
    'svix-timestamp': timestamp,
    'svix-signature': `v1,${signature}`,
  };
  const { statusCode, body: answer } = await request(url, { method: 'POST', dispatcher, headers, body });
  await answer.dump();
  return statusCode;
}

const accepted = (
  { _id, teamId, createdAt, targets: [endpointId = ''] }: MessageDoc,
  { at, status }: { readonly at: number; readonly status: number },
): DeliveryDoc => ({
  ...{ _id: `${_id}:${endpointId}`, teamId, endpointId, messageId: _id, state: 'accepted', createdAt, nextAttemptAt: null },
  ...{ attempts: 1, refusals: 0, lastStatus: status, lastError: null, lastLatencyMs: Date.now() - at, lastAttemptAt: at, acceptedAt: at },
});
