import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { createEgress } from '../../src/webhooks/egress/egress';
import { createSender } from '../../src/webhooks/sender';
import { startReceiver, withStatus } from './receiver';
import { aMessage, anEndpoint, keyring, PUBLIC_URL, SECRET } from './samples';

const DAY_MS = 86_400_000;

test('a message that has waited for days is signed at the time of each attempt, under the one id: verifiers that refuse what is old take it', async () => {
  const receiver = await startReceiver();
  const egress = createEgress([receiver.host]);
  const sender = createSender({ keyring, egress, publicUrl: PUBLIC_URL });
  const message = aMessage({ createdAt: Date.now() - 4 * DAY_MS });
  for (const status of [503, 204]) {
    receiver.answer(withStatus(status));
    await sender.post(anEndpoint({ url: receiver.url }), message, { timeoutMs: 10_000 });
  }
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([message._id, message._id]);
  for (const { headers, body } of receiver.received) {
    const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    for (const library of [new StandardWebhook(SECRET), new SvixWebhook(SECRET)]) expect(() => library.verify(body, texts)).not.toThrow();
  }
  await egress.close();
  await receiver.close();
});
