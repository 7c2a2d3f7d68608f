import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { drainBacklog } from '../../src/webhooks/drainBacklog';
import { openPostOffice, type PostOffice, quickPolicy, until } from './postOffice';
import { type Receiver, startReceiver, withStatus } from './receiver';

describe('an endpoint that is too busy', () => {
  let office: PostOffice;
  let receiver: Receiver;

  beforeAll(async () => {
    office = await openPostOffice();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await office.close();
  });

  /** What each drain of an endpoint's workflow was told of its pace. */
  async function pacesOf(endpoint: WebhookEndpointDoc): Promise<readonly unknown[]> {
    const { events } = await office.backlog(endpoint).fetchHistory();
    return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => {
      const data = scheduled?.input?.payloads?.[0]?.data;
      return data ? [JSON.parse(Buffer.from(data).toString()).postsPerSecond] : [];
    });
  }

  test('is drained by its workflow at half the rate after each answer that says so', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, state: 'failing' });
    await office.deliver(await office.addMessages(1, [endpoint]));
    const busy = [429, 502, 503, 504];
    receiver.answer((response, request) => withStatus(busy.shift() ?? 204)(response, request));
    const stop = await office.work();
    await until(async () => !(await office.isRunning(endpoint)));
    await stop();
    const { postsPerSecond } = quickPolicy;
    expect(await pacesOf(endpoint)).toEqual([1, 2, 4, 8, 16].map((divisor) => postsPerSecond / divisor));
  });

  test('gets no more posts in a drain than its rate allows', async () => {
    receiver.answer(withStatus(204));
    const endpoint = await office.addEndpoint({ url: receiver.url, state: 'failing' });
    const { teamId, _id: endpointId } = endpoint;
    for (const { _id: messageId, createdAt } of await office.addMessages(20, [endpoint]))
      await office.deliveries.leavePending({ teamId, endpointId, messageId, createdAt }, null);
    const policy = { ...quickPolicy, drainMs: 500 };
    const signal = new AbortController().signal;
    const drain = { teamId, endpointId, policy, postsPerSecond: 10, anywhere: false, signal, progress: () => undefined };
    // As many as have their turn in that time and two more: nobody can be quicker.
    expect((await drainBacklog(office, drain)).accepted).toBeLessThanOrEqual(7);
  });
});
