import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { changeEndpoint } from '../../src/webhooks/changeEndpoint';
import { drainBacklog } from '../../src/webhooks/drainBacklog';
import { createEgress } from '../../src/webhooks/egress/egress';
import { drainOf } from './drainOf';
import { never } from './never';
import { openPostOffice, type PostOffice, until } from './postOffice';
import { type Receiver, startReceiver, withStatus } from './receiver';

const DAY_MS = 86_400_000;
/** One more failure, and it is disabled. */
const nearlyOver = () => ({ state: 'failing', failingSince: Date.now() - 5 * DAY_MS, warnedPercent: 90 }) as const;
const ANEW = { failingSince: null, warnedPercent: 0 };

describe('a failing endpoint that gets another URL', () => {
  let office: PostOffice;
  let receiver: Receiver;
  let newUrl: string;

  beforeAll(async () => {
    office = await openPostOffice();
  });
  afterAll(() => office?.close());
  beforeEach(async () => {
    receiver = await startReceiver();
    newUrl = `${receiver.url}/new`;
  });
  afterEach(() => receiver.close());

  const scopeOf = ({ teamId, environment }: WebhookEndpointDoc) => ({ teamId, environment });
  const stateOf = (endpoint: WebhookEndpointDoc) => office.endpoints.get(scopeOf(endpoint), endpoint._id);
  const move = (endpoint: WebhookEndpointDoc, url = newUrl) =>
    office.endpoints.change(scopeOf(endpoint), endpoint._id, { url }, Date.now());
  const drain = (endpoint: WebhookEndpointDoc, endpoints = office.endpoints) => drainBacklog({ ...office, endpoints }, drainOf(endpoint));
  const waiting = async (endpoint: WebhookEndpointDoc): Promise<MessageDoc> => {
    const { teamId, _id: endpointId } = endpoint;
    const [message = never()] = await office.addMessages(1, [endpoint]);
    await office.deliveries.leavePending({ teamId, endpointId, messageId: message._id, createdAt: message.createdAt }, null);
    return message;
  };
  /** The old URL answers so, once something else has happened. */
  const answerAfter = (meanwhile: () => Promise<unknown>, status: number) =>
    receiver.answer((response, request) => {
      if (request.path.endsWith('/new')) return withStatus(200)(response, request);
      void meanwhile().then(() => withStatus(status)(response, request));
    });

  test('has five days and three warnings for that one, whatever the former did; who sends the same URL again has not', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, ...nearlyOver() });
    expect(await move(endpoint, receiver.url)).toMatchObject({ failingSince: endpoint.failingSince, warnedPercent: 90 });
    expect(await move(endpoint)).toMatchObject({ url: newUrl, state: 'failing', ...ANEW });
  });

  test('is not failing at it by the answer of the former one, which comes afterwards', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, ...nearlyOver() });
    await waiting(endpoint);
    answerAfter(() => move(endpoint), 503);
    expect(await drain(endpoint)).toMatchObject({ kind: 'failed' });
    expect(await stateOf(endpoint)).toMatchObject({ disabled: false, ...ANEW });
    expect(await office.operational(endpoint._id)).toEqual([]);
  });

  test('between the look at it and the note that it fails, is not failing either', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, state: 'failing' });
    await waiting(endpoint);
    receiver.answer(withStatus(503));
    const reading = office.endpoints.get.bind(office.endpoints);
    const endpoints = Object.assign(Object.create(office.endpoints), {
      get: async (...args: Parameters<typeof reading>) => {
        const read = await reading(...args);
        await move(endpoint);
        return read;
      },
    });
    expect(await drain(endpoint, endpoints)).toMatchObject({ kind: 'failed' });
    expect(await stateOf(endpoint)).toMatchObject({ url: newUrl, ...ANEW });
  });

  test('goes on failing at it, though the former one has taken something meanwhile', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, ...nearlyOver() });
    await waiting(endpoint);
    let since = 0;
    answerAfter(async () => {
      await move(endpoint);
      since = Date.now() + 1;
      await office.endpoints.noteFailing({ ...endpoint, url: newUrl }, since);
    }, 200);
    expect(await drain(endpoint)).toMatchObject({ kind: 'drained', accepted: 1 });
    expect(await stateOf(endpoint)).toMatchObject({ failingSince: since });
  });

  test('is sent at once what the former one has refused, which counts against no message', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, state: 'failing' });
    const message = await waiting(endpoint);
    answerAfter(() => move(endpoint), 400);
    expect(await drain(endpoint)).toMatchObject({ kind: 'drained', accepted: 1 });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook/new']);
    expect(await office.delivery(message, endpoint)).toMatchObject({ state: 'accepted', attempts: 2, refusals: 0 });
  });

  test('is tried there at once, however long it was to be left alone, and one failure there is its first', async () => {
    const stopWork = await office.work();
    const egress = createEgress([receiver.host]);
    try {
      const endpoint = await office.addEndpoint({ url: receiver.url, failingSince: Date.now() - 4.9 * DAY_MS, warnedPercent: 90 });
      receiver.answer((response, request) =>
        request.path.endsWith('/new') ? withStatus(503)(response, request) : withStatus(503, { 'retry-after': '3600' })(response, request),
      );
      await office.deliver(await office.addMessages(1, [endpoint]));
      await until(async () => (await office.details(endpoint)).includes('next probe'));

      const movedAt = Date.now();
      await changeEndpoint({ ...office, egress }, scopeOf(endpoint), endpoint._id, { url: newUrl });
      await until(() => receiver.received.filter(({ path }) => path.endsWith('/new')).length >= 2);
      const { failingSince, ...now } = (await stateOf(endpoint)) ?? never();
      expect(now).toMatchObject({ disabled: false, warnedPercent: 0 });
      expect(failingSince).toBeGreaterThanOrEqual(movedAt);
    } finally {
      await egress.close();
      await stopWork();
    }
  });
});
