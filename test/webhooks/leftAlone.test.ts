import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { never } from './never';
import { openPostOffice, type PostOffice, quickPolicy, until } from './postOffice';
import { type Receiver, startReceiver, withStatus } from './receiver';

const HOUR_MS = 3_600_000;

describe('an endpoint whose answer to an inline post asks for time', () => {
  let office: PostOffice;
  let receiver: Receiver;
  let stopWork: () => Promise<void>;

  beforeAll(async () => {
    // What stands aside does so for longer than any test; each drain is a run of its own.
    office = await openPostOffice({ ...quickPolicy, retryAfterMs: [HOUR_MS, HOUR_MS], drainsPerRun: 1 });
    stopWork = await office.work();
  });
  afterAll(async () => {
    await stopWork();
    await office.close();
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  const ids = () => receiver.received.map(({ id }) => id);
  const stateOf = ({ _id, teamId }: WebhookEndpointDoc) => office.endpoints.get({ teamId }, _id);
  /** Its workflow sleeps until one that it has refused is due, and all else goes inline. */
  const withOneAside = async (): Promise<WebhookEndpointDoc> => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const messages = await office.addMessages(2, [endpoint]);
    receiver.answer((response, request) => withStatus(request.id === messages[0]?._id ? 422 : 200)(response, request));
    await office.deliver(messages);
    await until(async () => (await office.details(endpoint)).includes('all is well but for'));
    return endpoint;
  };
  const deliverOne = async (endpoint: WebhookEndpointDoc): Promise<MessageDoc> => {
    const [message = never()] = await office.addMessages(1, [endpoint]);
    await office.deliver([message]);
    return message;
  };

  test('while its workflow sleeps for something else, is posted nothing before that, and all of it when somebody calls', async () => {
    const endpoint = await withOneAside();
    const before = ids().length;
    receiver.answer(withStatus(429, { 'retry-after': '3600' }));
    const refused = await deliverOne(endpoint);
    await until(async () => (await office.details(endpoint)).includes('next probe at'));
    receiver.answer((response, request) => withStatus(ids().indexOf(request.id) < before ? 422 : 200)(response, request));
    const younger = await deliverOne(endpoint);
    expect(ids().slice(before)).toEqual([refused._id]);
    expect(await stateOf(endpoint)).toMatchObject({ state: 'failing', notBefore: expect.any(Number) });

    await office.backlogs.tryNow({ teamId: office.teamId, endpointId: endpoint._id });
    await until(() => ids().length >= before + 3);
    expect(ids().slice(before)).toEqual([refused._id, refused._id, younger._id]);
    expect(await stateOf(endpoint)).toMatchObject({ notBefore: null });
  });

  test('is posted nothing inline by whoever comes next either', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, notBefore: Date.now() + HOUR_MS });
    const message = await deliverOne(endpoint);
    await until(async () => (await office.details(endpoint)).includes('next probe at'));
    expect(ids()).toEqual([]);
    expect(await office.delivery(message, endpoint)).toMatchObject({ state: 'pending', attempts: 0 });
  });

  test('for longer and then for less, is left alone for longer; for a year, for a day', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const [first = never(), ...others] = await office.addMessages(2, [endpoint]);
    const answers: (() => void)[] = [];
    receiver.answer((response, request) => {
      const asked = request.id === first._id ? 365 * 24 * 3_600 : 3_600;
      answers[asked === 3_600 ? 1 : 0] = () => withStatus(503, { 'retry-after': `${asked}` })(response, request);
    });
    const delivered = [office.deliver([first]), office.deliver(others)];
    await until(() => ids().length === 2);
    answers[0]?.();
    await delivered[0];
    answers[1]?.();
    await delivered[1];
    const { notBefore } = (await stateOf(endpoint)) ?? never();
    expect(notBefore).toBeGreaterThan(Date.now() + 23 * HOUR_MS);
    expect(notBefore).toBeLessThanOrEqual(Date.now() + 24 * HOUR_MS);
  });

  test('and that has another URL by then is tried there at once', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const { teamId, environment, _id } = endpoint;
    receiver.answer((response, request) => {
      if (request.path.endsWith('/new')) return withStatus(200)(response, request);
      const moved = office.endpoints.change({ teamId, environment }, _id, { url: `${receiver.url}/new` }, Date.now());
      void moved.then(() => withStatus(503, { 'retry-after': '3600' })(response, request));
    });
    await deliverOne(endpoint);
    await until(async () => !(await office.isRunning(endpoint)));
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook/new']);
    expect(await stateOf(endpoint)).toMatchObject({ state: 'healthy', notBefore: null });
  });
});
