import type { DeliveryDoc } from '../../src/storage/deliveries';
import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { drainBacklog } from '../../src/webhooks/drainBacklog';
import { never } from './never';
import { openPostOffice, type PostOffice, quickPolicy, until } from './postOffice';
import { type Receiver, startReceiver, withStatus } from './receiver';

const DAY_MS = 86_400_000;

describe('what an endpoint does not take', () => {
  let office: PostOffice;
  let receiver: Receiver;
  /** Another endpoint of the team, which hears how the first is doing. */
  let other: WebhookEndpointDoc;
  let stopWork: () => Promise<void>;

  beforeAll(async () => {
    office = await openPostOffice();
    stopWork = await office.work();
  });
  afterAll(async () => {
    await stopWork();
    await office.close();
  });
  beforeEach(async () => {
    receiver = await startReceiver();
    other = await office.addEndpoint({ url: 'http://127.0.0.1:1/' });
  });
  afterEach(async () => {
    await receiver.close();
    await office.endpoints.remove({ teamId: office.teamId, environment: 'production' }, other._id);
  });

  const ids = () => receiver.received.map(({ id }) => id);
  const ended = (endpoint: WebhookEndpointDoc) => until(async () => !(await office.isRunning(endpoint)));
  const stateOf = (endpoint: WebhookEndpointDoc) => office.endpoints.get({ teamId: office.teamId }, endpoint._id);
  /** The events about an endpoint, oldest first. */
  const told = ({ _id }: WebhookEndpointDoc) => office.operational(_id);
  const refuse = (messages: readonly (MessageDoc | undefined)[], status = 400) =>
    receiver.answer((response, request) =>
      withStatus(messages.some((message) => message?._id === request.id) ? status : 200)(response, request),
    );
  const delivery = async (message: MessageDoc | undefined, endpoint: WebhookEndpointDoc): Promise<DeliveryDoc> =>
    (message && (await office.delivery(message, endpoint))) ?? never();

  test('while it takes others holds nobody up, has a ladder of its own, and is given up at its end: told once, to another endpoint', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const messages = await office.addMessages(5, [endpoint]);
    refuse([messages[1]], 422);
    await office.deliver(messages);
    const taken = async () => (await delivery(messages[4], endpoint)).state === 'accepted';
    await until(taken);
    expect(await delivery(messages[1], endpoint)).toMatchObject({ state: 'pending', refusals: 1, nextAttemptAt: expect.any(Number) });

    // Only while others are taken does a refusal count.
    await until(async () => {
      await office.deliver(await office.addMessages(1, [endpoint]));
      return (await delivery(messages[1], endpoint)).state === 'exhausted';
    });
    expect((await delivery(messages[1], endpoint)).refusals).toBe(quickPolicy.retryAfterMs.length + 1);
    await ended(endpoint);
    expect(await stateOf(endpoint)).toMatchObject({ state: 'healthy', failingSince: null });

    const [event, ...more] = await told(endpoint);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      type: 'message.attempt.exhausted',
      targets: expect.arrayContaining([other._id]),
      userId: messages[1]?.userId,
    });
    expect(JSON.parse(event?.body ?? '')).toMatchObject({ data: { message_id: messages[1]?._id, last_status: 422 } });
    expect(office.raised.filter(({ endpointId }) => endpointId === endpoint._id)).toHaveLength(1);
  });

  test('three different ones in a row, is the endpoint’s fault: none of them counts, and all come in their order once it is mended', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const messages = await office.addMessages(5, [endpoint]);
    refuse(messages, 500);
    await office.deliver(messages);
    await until(() => ids().length >= 9);
    for (const message of messages) expect(await delivery(message, endpoint)).toMatchObject({ state: 'pending', refusals: 0 });

    const before = ids().length;
    refuse([]);
    await ended(endpoint);
    expect(new Set(ids().slice(before))).toEqual(new Set(messages.map(({ _id }) => _id)));
  });

  test('alone, is judged by the next message that comes, however long the wait before the next probe', async () => {
    const policy = { ...quickPolicy, probeAfterMs: [100, 3_600_000], probeEveryMs: 3_600_000 };
    const patient = await openPostOffice(policy);
    const stop = await patient.work();
    try {
      const endpoint = await patient.addEndpoint({ url: receiver.url });
      const [poison] = await patient.addMessages(1, [endpoint]);
      refuse([poison]);
      await patient.deliver([poison ?? never()]);
      await until(() => ids().length === 2);
      const [next] = await patient.addMessages(1, [endpoint]);
      await patient.deliver([next ?? never()]);
      await until(() => ids().includes(next?._id ?? never()));
      await until(async () => (await patient.delivery(poison ?? never(), endpoint))?.refusals === 1);
      await until(async () => (await patient.endpoints.get({ teamId: patient.teamId }, endpoint._id))?.state === 'healthy');
    } finally {
      await stop();
      await patient.close();
    }
  });

  test('with a 410, is its last: disabled at once, told, and what waits is kept', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const messages = await office.addMessages(2, [endpoint]);
    refuse(messages, 410);
    await office.deliver(messages);
    await ended(endpoint);
    expect(await stateOf(endpoint)).toMatchObject({ disabled: true, disabledReason: 'gone' });
    expect((await told(endpoint)).map(({ type }) => type)).toEqual(['endpoint.disabled']);
    for (const message of messages) expect(await delivery(message, endpoint)).toMatchObject({ state: 'pending' });
  });

  test('for days: each warning is told once, over however many tries', async () => {
    const failingSince = Date.now() - 3 * DAY_MS;
    const endpoint = await office.addEndpoint({ url: receiver.url, failingSince });
    receiver.answer(withStatus(503));
    await office.deliver(await office.addMessages(1, [endpoint]));
    await until(() => ids().length >= 5);
    expect(await stateOf(endpoint)).toMatchObject({ warnedPercent: 50, failingSince });
    const [warning, ...more] = await told(endpoint);
    expect(more).toEqual([]);
    expect(warning).toMatchObject({ type: 'endpoint.failing', targets: expect.arrayContaining([other._id]), userId: null });
    expect(warning?.targets).not.toContain(endpoint._id);

    receiver.answer(withStatus(200));
    await ended(endpoint);
    expect((await told(endpoint)).map(({ type }) => type)).toEqual(['endpoint.failing', 'endpoint.recovered']);
    expect(await stateOf(endpoint)).toMatchObject({ warnedPercent: 0, failingSince: null, state: 'healthy' });
  });

  test('for five days: it is disabled, and told once though who tells it dies before writing it', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, failingSince: Date.now() - 5 * DAY_MS, warnedPercent: 90 });
    receiver.answer(withStatus(500));
    const messages = await office.addMessages(1, [endpoint]);
    const { teamId } = office;
    await office.deliveries.leavePending(
      { teamId, endpointId: endpoint._id, messageId: messages[0]?._id ?? never(), createdAt: Date.now() },
      null,
    );
    const drain = {
      ...{ teamId, endpointId: endpoint._id, policy: quickPolicy, postsPerSecond: 100, anywhere: false },
      signal: new AbortController().signal,
      progress: () => undefined,
    };
    const dying = Object.assign(Object.create(office.endpoints), { disable: () => Promise.reject(new Error('killed')) });
    await expect(drainBacklog({ ...office, endpoints: dying }, drain)).rejects.toThrow('killed');
    expect(await stateOf(endpoint)).toMatchObject({ disabled: false });
    expect(await drainBacklog(office, drain)).toMatchObject({ kind: 'gone' });
    expect(await stateOf(endpoint)).toMatchObject({ disabled: true, disabledReason: 'failing' });
    expect((await told(endpoint)).map(({ type }) => type)).toEqual(['endpoint.disabled']);
    expect(await drainBacklog(office, drain)).toMatchObject({ kind: 'gone' });
    expect(receiver.received).toHaveLength(2);
  });

  test('for five days by its record, though something was taken meanwhile by somebody who died: it is not disabled', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, failingSince: Date.now() - 5 * DAY_MS, warnedPercent: 90 });
    const [early, late] = await office.addMessages(2, [endpoint]);
    const { teamId } = office;
    const taken = { at: Date.now() - DAY_MS, status: 200, error: null, tookMs: 1 };
    const key = ({ _id: messageId, createdAt }: MessageDoc) => ({ teamId, endpointId: endpoint._id, messageId, createdAt });
    await office.deliveries.accept(key(early ?? never()), taken);
    receiver.answer(withStatus(500));
    await office.deliver([late ?? never()]);
    await until(() => ids().length >= 3);
    expect(await stateOf(endpoint)).toMatchObject({ disabled: false });
    receiver.answer(withStatus(200));
    await ended(endpoint);
  });

  test('because its message was erased meanwhile is not kept', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    receiver.answer(withStatus(503));
    const messages = await office.addMessages(2, [endpoint]);
    await office.deliver(messages);
    await office.messages.erase(office.teamId, [messages[0]?._id ?? never()]);
    receiver.answer(withStatus(200));
    await ended(endpoint);
    expect(await office.delivery(messages[0] ?? never(), endpoint)).toBeNull();
    expect(await delivery(messages[1], endpoint)).toMatchObject({ state: 'accepted' });
  });

  test('is logged, every try with what it brought; what is taken at once is its delivery', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    receiver.answer((response) => response.writeHead(503).end('busy with 7 others'));
    const messages = await office.addMessages(2, [endpoint]);
    await office.deliver(messages);
    receiver.answer(withStatus(200));
    await ended(endpoint);
    const of = (message: MessageDoc | undefined) =>
      office.attempts.page({ teamId: office.teamId, endpointId: endpoint._id, messageId: message?._id }, null, 0, 10);
    const [last, ...earlier] = await of(messages[0]);
    expect(last).toMatchObject({ outcome: 'accepted', status: 200, excerpt: null });
    expect(earlier.at(-1)).toMatchObject({ outcome: 'failed', status: 503, error: 'HTTP 503', excerpt: 'busy with # others' });
    expect(await of(messages[1])).toEqual([]);
    expect(await delivery(messages[1], endpoint)).toMatchObject({ attempts: 1, lastLatencyMs: expect.any(Number) });
  });
});
