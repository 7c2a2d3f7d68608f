import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointChange, WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { type Drain, type Draining, drainBacklog } from '../../src/webhooks/drainBacklog';
import { drainOf } from './drainOf';
import { never } from './never';
import { openPostOffice, type PostOffice, quickPolicy } from './postOffice';
import { type Receiver, startReceiver, withStatus } from './receiver';

/** Refusals that count, and the next one is the last. */
const ALL_BUT_ONE = quickPolicy.retryAfterMs.length;

describe('one drain', () => {
  let office: PostOffice;
  let receiver: Receiver;

  beforeAll(async () => {
    office = await openPostOffice();
  });
  afterAll(() => office?.close());
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  const ids = () => receiver.received.map(({ id }) => id);
  const drain = (endpoint: WebhookEndpointDoc, given: Partial<Drain> = {}, deps: Partial<Draining> = {}) =>
    drainBacklog({ ...office, ...deps }, drainOf(endpoint, given));
  const stateOf = ({ _id, teamId }: WebhookEndpointDoc) => office.endpoints.get({ teamId }, _id);
  const change = ({ teamId, environment, _id }: WebhookEndpointDoc, to: WebhookEndpointChange) =>
    office.endpoints.change({ teamId, environment }, _id, to, Date.now());
  const keyOf = ({ _id: messageId, createdAt }: MessageDoc, { _id: endpointId, teamId }: WebhookEndpointDoc) => ({
    ...{ _id: `${messageId}:${endpointId}`, teamId, endpointId, messageId, createdAt },
  });
  const attempt = (at: number, status: number | null) => ({ at, status, error: status === 200 ? null : 'not taken', tookMs: 1 });
  /** Messages that wait their turn. */
  const waiting = async (count: number, endpoint: WebhookEndpointDoc, given: Partial<MessageDoc> = {}): Promise<MessageDoc[]> => {
    const messages = await office.addMessages(count, [endpoint], given);
    for (const message of messages) await office.deliveries.leavePending(keyOf(message, endpoint), null);
    return messages;
  };
  /** One that the endpoint has refused so often, while it took another one. */
  const aside = async (endpoint: WebhookEndpointDoc, refusals = ALL_BUT_ONE): Promise<MessageDoc> => {
    const [message = never(), other = never()] = await office.addMessages(2, [endpoint]);
    const refusedAt = Date.now() - 60_000;
    await office.deliveries.leavePending(keyOf(message, endpoint), attempt(refusedAt, 500));
    await office.deliveries.accept(keyOf(other, endpoint), attempt(refusedAt + 1_000, 200));
    await office.deliveries.setAside(keyOf(message, endpoint), refusals, Date.now() - 1);
    return message;
  };

  test('whose endpoint is away when one that stands aside is due costs it no try, not its last either', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const message = await aside(endpoint);
    await receiver.close();
    expect(await drain(endpoint)).toMatchObject({ kind: 'failed', accepted: 0, trouble: 'doubtful' });
    const left = { state: 'pending', refusals: ALL_BUT_ONE, nextAttemptAt: null, lastStatus: null };
    expect(await office.delivery(message, endpoint)).toMatchObject(left);
    expect(await stateOf(endpoint)).toMatchObject({ state: 'failing' });

    // The others wait behind it, and nobody has taken anything since.
    const [next = never()] = await waiting(1, endpoint);
    expect(await drain(endpoint)).toMatchObject({ kind: 'failed', trouble: 'unanswered' });
    expect(await office.delivery(message, endpoint)).toMatchObject(left);

    receiver = await startReceiver(Number(receiver.host.split(':')[1]));
    expect(await drain(endpoint)).toMatchObject({ kind: 'drained', accepted: 2 });
    expect(ids()).toEqual([message._id, next._id]);
  });

  test('finds out by the next message whose fault a silence is, and gives up the one that never gets an answer', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const silent = await aside(endpoint);
    receiver.answer((response, request) => (request.id === silent._id ? void response.destroy() : withStatus(200)(response, request)));
    expect(await drain(endpoint)).toMatchObject({ kind: 'failed', trouble: 'doubtful' });
    await waiting(1, endpoint);
    expect(await drain(endpoint)).toMatchObject({ kind: 'drained', accepted: 1 });
    expect(await office.delivery(silent, endpoint)).toMatchObject({ state: 'exhausted', refusals: ALL_BUT_ONE + 1 });
    expect((await office.operational(endpoint._id)).map(({ type }) => type)).toEqual(['message.attempt.exhausted']);
  });

  test('that was told 410 by a URL its owner has changed meanwhile does not disable the new one', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    await waiting(1, endpoint);
    const { _id } = endpoint;
    const url = `${receiver.url}/new`;
    receiver.answer((response, request) => void change(endpoint, { url }).then(() => withStatus(410)(response, request)));
    expect(await drain(endpoint)).toMatchObject({ kind: 'failed' });
    expect(await stateOf(endpoint)).toMatchObject({ url, disabled: false });
    expect(await office.operational(_id)).toEqual([]);
  });

  test('that dies before it disables what answered 410 has told of it once', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    await waiting(1, endpoint);
    receiver.answer(withStatus(410));
    const dying = Object.assign(Object.create(office.endpoints), { disable: () => Promise.reject(new Error('killed')) });
    await expect(drain(endpoint, {}, { endpoints: dying })).rejects.toThrow('killed');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await drain(endpoint)).toMatchObject({ kind: 'gone' });
    expect(await stateOf(endpoint)).toMatchObject({ disabled: true, disabledReason: 'gone' });
    expect((await office.operational(endpoint._id)).map(({ type }) => type)).toEqual(['endpoint.disabled']);
  });

  test('that would disable an endpoint after five days leaves one alone whose owner has enabled it anew meanwhile', async () => {
    const failingSince = Date.now() - quickPolicy.disableAfterMs;
    const endpoint = await office.addEndpoint({ url: receiver.url, failingSince, warnedPercent: 90 });
    await waiting(1, endpoint);
    receiver.answer(withStatus(503));
    const asking = office.deliveries.hasAcceptedSince.bind(office.deliveries);
    const deliveries = Object.assign(Object.create(office.deliveries), {
      hasAcceptedSince: async (...args: Parameters<typeof asking>) => {
        await change(endpoint, { disabled: false });
        return asking(...args);
      },
    });
    expect(await drain(endpoint, {}, { deliveries })).toMatchObject({ kind: 'failed' });
    expect(await stateOf(endpoint)).toMatchObject({ disabled: false, failingSince: null });
  });

  test('of an endpoint that is slow begins no post once its time is over, and says that there is more', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const messages = await waiting(20, endpoint);
    receiver.answer((response, request) => void setTimeout(() => withStatus(200)(response, request), 100));
    const policy = { ...quickPolicy, drainMs: 250 };
    const first = await drain(endpoint, { policy });
    expect(first).toMatchObject({ kind: 'more' });
    expect(receiver.received).toHaveLength(first.accepted);
    expect(first.accepted).toBeLessThan(20);

    receiver.answer(withStatus(200));
    expect(await drain(endpoint)).toMatchObject({ kind: 'drained', accepted: 20 - first.accepted });
    expect(ids()).toEqual(messages.map(({ _id }) => _id));
  });

  test('tries no further of those that stand aside either, once its time is over', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    for (let n = 0; n < 10; n++) await aside(endpoint, 1);
    receiver.answer((response, request) => void setTimeout(() => withStatus(200)(response, request), 100));
    const { accepted, ...result } = await drain(endpoint, { policy: { ...quickPolicy, drainMs: 250, batchFreshMs: 100 } });
    expect(result).toEqual({ kind: 'more' });
    expect(accepted).toBeLessThan(10);
    expect(receiver.received).toHaveLength(accepted);
  });

  test('in whose time an endpoint has only refused has failed: it is not asked again without a pause', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    await waiting(5, endpoint);
    receiver.answer((response, request) => void setTimeout(() => withStatus(500)(response, request), 1_100));
    const policy = { ...quickPolicy, drainMs: 1_000 };
    expect(await drain(endpoint, { policy })).toMatchObject({ kind: 'failed', accepted: 0, trouble: 'doubtful' });
  });

  test.each<[string, (endpoint: WebhookEndpointDoc) => Promise<unknown>, string]>([
    ['deleted', ({ teamId, environment, _id }) => office.endpoints.remove({ teamId, environment }, _id), 'gone'],
    ['disabled', (endpoint) => change(endpoint, { disabled: true }), 'gone'],
    ['moved', (endpoint) => change(endpoint, { url: `${receiver.url}/new` }), 'drained'],
  ])('posts nothing more to the URL of an endpoint that is %s, a few seconds later', async (_, end, kind) => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    await waiting(10, endpoint);
    receiver.answer(async (response, request) => {
      if (receiver.received.length === 2) await end(endpoint);
      setTimeout(() => withStatus(200)(response, request), 60);
    });
    expect(await drain(endpoint, { policy: { ...quickPolicy, batchFreshMs: 50 } })).toMatchObject({ kind });
    expect(receiver.received.filter(({ path }) => path === '/hook')).toHaveLength(2);
  });

  test('posts nothing of who is erased, a few seconds later', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const messages = await waiting(10, endpoint);
    receiver.answer(async (response, request) => {
      if (receiver.received.length === 2)
        await office.messages.erase(
          office.teamId,
          messages.map(({ _id }) => _id),
        );
      setTimeout(() => withStatus(200)(response, request), 60);
    });
    expect(await drain(endpoint, { policy: { ...quickPolicy, batchFreshMs: 50 } })).toMatchObject({ kind: 'drained', accepted: 2 });
    expect(await office.delivery(messages[9] ?? never(), endpoint)).toBeNull();
  });

  test('tries what stands aside and is due though the queue does not run empty', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const message = await aside(endpoint, 1);
    await waiting(60, endpoint);
    expect(await drain(endpoint, { policy: { ...quickPolicy, drainMessages: 10 } })).toEqual({ kind: 'more', accepted: 51 });
    expect(await office.delivery(message, endpoint)).toMatchObject({ state: 'accepted' });
  });

  test('keeps to the posts per second that the endpoint’s owner allows', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, rateLimit: 10 });
    await waiting(20, endpoint);
    const policy = { ...quickPolicy, drainMs: 500 };
    // As many as have their turn in that time and two more: nobody can be quicker.
    expect((await drain(endpoint, { policy })).accepted).toBeLessThanOrEqual(7);
  });

  test.each([200, 400, 503])('keeps no attempt of a message that is erased while it is posted, whatever the answer: %d', async (status) => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const [message = never()] = await waiting(1, endpoint);
    const key = keyOf(message, endpoint);
    await office.deliveries.noteFailure(key, attempt(Date.now() - 1_000, 503));
    receiver.answer(async (response, request) => {
      await office.deliveries.erase(office.teamId, [key._id]);
      await office.messages.erase(office.teamId, [message._id]);
      withStatus(status)(response, request);
    });
    await drain(endpoint);
    expect(receiver.received).toHaveLength(1);
    expect(await office.attempts.page({ ...key, messageId: message._id }, null, 0, 10)).toEqual([]);
  });

  /** An endpoint that was failing for so long until it took something, and whoever delivered that died before saying so. */
  const takenUnsaid = async (failingFor: number, warnedPercent: number): Promise<WebhookEndpointDoc> => {
    const failingSince = Date.now() - failingFor;
    const endpoint = await office.addEndpoint({ url: receiver.url, failingSince, warnedPercent });
    const [taken = never()] = await office.addMessages(1, [endpoint]);
    await office.deliveries.accept(keyOf(taken, endpoint), attempt(failingSince + 1_000, 200));
    return endpoint;
  };

  test('that finds nothing left says that its endpoint is well again, if the one before died over it', async () => {
    const endpoint = await takenUnsaid(quickPolicy.disableAfterMs * 0.6, 50);
    expect(await drain(endpoint)).toMatchObject({ kind: 'drained', accepted: 0 });
    expect(await stateOf(endpoint)).toMatchObject({ failingSince: null, warnedPercent: 0 });
    expect((await office.operational(endpoint._id)).map(({ type }) => type)).toEqual(['endpoint.recovered']);
  });

  test('warns of no failure that something was taken after, though the one before died over it', async () => {
    const endpoint = await takenUnsaid(quickPolicy.disableAfterMs * 0.6, 0);
    await waiting(1, endpoint);
    receiver.answer(withStatus(503));
    const before = Date.now();
    expect(await drain(endpoint)).toMatchObject({ kind: 'failed' });
    expect((await stateOf(endpoint))?.failingSince).toBeGreaterThanOrEqual(before);
    expect(await office.operational(endpoint._id)).toEqual([]);
  });
});
