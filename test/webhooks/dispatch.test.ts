import { randomUUID } from 'node:crypto';
import type { MessageDoc } from '../../src/storage/messages';
import { dispatch } from '../../src/webhooks/dispatch';
import { dispatchOverdue } from '../../src/webhooks/dispatchOverdue';
import { POSTS_IN_FLIGHT } from '../../src/webhooks/inFlight';
import { never } from './never';
import { justRecorded, openPostOffice, type PostOffice, until } from './postOffice';
import { type Receiver, startReceiver, withStatus } from './receiver';

/** Unless a test starts one no worker runs here: a backlog that was told is a workflow that exists and waits. */
describe('dispatching inline', () => {
  let office: PostOffice;
  let receiver: Receiver;

  beforeEach(async () => {
    office = await openPostOffice();
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await receiver.close();
    await office.close();
  });

  test('a healthy endpoint gets everything once, oldest first, and nobody is started', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const messages = await office.addMessages(12, [endpoint]);
    await office.deliver(messages);

    expect(receiver.received.map(({ id }) => id)).toEqual(messages.map(({ _id }) => _id));
    for (const message of messages) {
      expect(await office.delivery(message, endpoint)).toMatchObject({ state: 'accepted', attempts: 1, lastStatus: 204, lastError: null });
    }
    expect(await office.undispatched()).toBe(0);
    expect(await office.isRunning(endpoint)).toBe(false);
  });

  test('what is not taken waits, with all that is younger, for the endpoint’s backlog', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const messages = await office.addMessages(4, [endpoint]);
    const [, second, third] = messages;
    receiver.answer((response, request) => withStatus(request.id === second?._id ? 503 : 200)(response, request));
    await office.deliver(messages);

    expect(receiver.received).toHaveLength(2);
    expect(await office.delivery(second ?? never(), endpoint)).toMatchObject({
      state: 'pending',
      attempts: 1,
      lastStatus: 503,
      lastError: 'HTTP 503',
    });
    expect(await office.delivery(third ?? never(), endpoint)).toMatchObject({ state: 'pending', attempts: 0 });
    expect(await office.undispatched()).toBe(0);
    expect(await office.isRunning(endpoint)).toBe(true);
  });

  test('a failing endpoint is left to its backlog', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, state: 'failing' });
    await office.deliver(await office.addMessages(3, [endpoint]));
    expect(receiver.received).toHaveLength(0);
    expect(await office.isRunning(endpoint)).toBe(true);
    expect(await office.undispatched()).toBe(0);
  });

  test('an endpoint that has become healthy since its state was read is left to its backlog: two would post the same', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, state: 'failing' });
    const messages = await office.addMessages(2, [endpoint]);
    const reading = office.endpoints.read.bind(office.endpoints);
    // The drain's end falls between the two reads.
    office.endpoints.read = async (...args) => {
      const found = await reading(...args);
      await office.endpoints.markHealthy(office.teamId, endpoint._id, null);
      return found;
    };
    await office.deliver(messages);

    expect(receiver.received).toHaveLength(0);
    for (const message of messages) expect(await office.delivery(message, endpoint)).toMatchObject({ state: 'pending' });
    expect(await office.isRunning(endpoint)).toBe(true);
    expect(await office.undispatched()).toBe(0);
  });

  test('an endpoint that took 14 s of late gets no inline try, so that it is not cut off and sent everything twice', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, slowSince: Date.now() });
    await office.deliver(await office.addMessages(3, [endpoint]));
    expect(receiver.received).toHaveLength(0);
    expect(await office.isRunning(endpoint)).toBe(true);
  });

  test('an answer that is slow, or does not come in time, ends inline tries', async () => {
    const slow = await office.addEndpoint({ url: receiver.url });
    receiver.answer((response) => void setTimeout(() => response.writeHead(200).end(), 2_300));
    await office.deliver(await office.addMessages(3, [slow]), 9_000);
    expect(receiver.received).toHaveLength(1);
    expect(await office.endpoints.get({ teamId: office.teamId }, slow._id)).toMatchObject({ slowSince: expect.any(Number) });

    const stuck = await office.addEndpoint({ url: receiver.url });
    receiver.answer(() => undefined);
    const [first] = await office.addMessages(3, [stuck]);
    await office.deliver(await office.messages.undispatchedOf(first?.connectionId ?? never(), 10), 2_500);
    expect(receiver.received).toHaveLength(2);
    expect(await office.endpoints.get({ teamId: office.teamId }, stuck._id)).toMatchObject({ slowSince: expect.any(Number) });
    expect(await office.delivery(first ?? never(), stuck)).toMatchObject({ state: 'pending', lastError: 'no answer in time' });
  });

  test('one dead endpoint holds nobody else up', async () => {
    const dead = await office.addEndpoint({ url: 'http://127.0.0.1:1/' });
    const alive = await office.addEndpoint({ url: receiver.url });
    const messages = await office.addMessages(5, [dead, alive]);
    await office.deliver(messages);
    expect(receiver.received.map(({ id }) => id)).toEqual(messages.map(({ _id }) => _id));
    expect(await office.isRunning(dead)).toBe(true);
    expect(await office.isRunning(alive)).toBe(false);
    expect(await office.undispatched()).toBe(0);
  });

  test('what there is no time for is not begun', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const messages = await office.addMessages(3, [endpoint]);
    await office.deliver(messages, 0);
    expect(receiver.received).toHaveLength(0);
    // Left where the next look finds it: pending with its backlog told, or undispatched.
    expect(await office.isRunning(endpoint)).toBe(true);
    const pending = await office.deliveries.queueOf({ teamId: office.teamId, endpointId: endpoint._id }, null, 10);
    expect((await office.undispatched()) + pending.length).toBe(3);
  });

  test(`at most ${POSTS_IN_FLIGHT} posts are in flight to one endpoint, however many connections have news`, async () => {
    let inFlight = 0;
    let most = 0;
    receiver.answer((response) => {
      most = Math.max(most, ++inFlight);
      setTimeout(() => {
        inFlight--;
        response.writeHead(200).end();
      }, 30);
    });
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const connections = await Promise.all(Array.from({ length: 40 }, () => office.addMessages(1, [endpoint])));
    await Promise.all(connections.map((messages) => office.deliver(messages)));
    expect(receiver.received).toHaveLength(40);
    expect(most).toBe(POSTS_IN_FLIGHT);
  });

  test('dispatching again sends nothing again that is known to be accepted', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const messages = await office.addMessages(3, [endpoint]);
    await office.deliver(messages);
    await dispatch(office, messages.map(late), Date.now() + 10_000);
    expect(receiver.received).toHaveLength(3);
    expect(await office.isRunning(endpoint)).toBe(false);
  });

  test('what is late comes once, though its workflow and the repair come upon it together, and nothing younger comes before it', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const other = await office.addEndpoint({ url: receiver.url.replace('/hook', '/other') });
    const messages = await office.addMessages(12, [endpoint, other], { createdAt: Date.now() - 60_000 });
    const [young] = await office.addMessages(1, [endpoint], { connectionId: messages[0]?.connectionId ?? never() });
    const all = [...messages, young ?? never()];
    await Promise.all([
      dispatchOverdue(office, { forMs: 10_000, overdueMs: 30_000 }),
      dispatch(office, all, Date.now() + 10_000),
      dispatchOverdue(office, { forMs: 10_000, overdueMs: 30_000 }),
    ]);
    expect(receiver.received).toHaveLength(0);
    expect(await office.undispatched()).toBe(0);

    const stop = await office.work();
    await until(() => receiver.received.length >= 25);
    await until(async () => !(await office.isRunning(endpoint)) && !(await office.isRunning(other)));
    await stop();
    const at = (path: string) => receiver.received.filter((one) => one.path === path).map(({ id }) => id);
    expect(at('/hook').toSorted()).toEqual(all.map(({ _id }) => _id).toSorted());
    expect(at('/other').toSorted()).toEqual(messages.map(({ _id }) => _id).toSorted());
    expect(at('/hook').at(-1)).toBe(young?._id);
  });

  test('a disabled or deleted endpoint gets nothing, and the message is done with', async () => {
    const disabled = await office.addEndpoint({ url: receiver.url, disabled: true });
    const [message] = await office.addMessages(1, [disabled, { ...disabled, _id: randomUUID() }]);
    await office.deliver([message ?? never()]);
    expect(receiver.received).toHaveLength(0);
    expect(await office.undispatched()).toBe(0);
    expect(await office.isRunning(disabled)).toBe(false);
  });

  test('with Temporal away a failed message stays undispatched, and the repair leaves it to its backlog', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const [message] = await office.addMessages(1, [endpoint], { createdAt: Date.now() - 60_000 });
    receiver.answer(withStatus(500));
    const away = { ...office.backlogs, wake: () => Promise.reject(new Error('Temporal is not available')) };
    const deps = { ...office, backlogs: away };
    await expect(dispatch(deps, justRecorded([message ?? never()]), Date.now() + 10_000)).rejects.toThrow('Temporal is not available');
    await expect(dispatchOverdue(deps, { forMs: 5_000, overdueMs: 30_000 })).rejects.toThrow('could not be dispatched');
    expect(await office.undispatched()).toBe(1);

    expect(await dispatchOverdue(office, { forMs: 5_000, overdueMs: 30_000 })).toBe(1);
    expect(await office.undispatched()).toBe(0);
    expect(await office.delivery(message ?? never(), endpoint)).toMatchObject({ state: 'pending', attempts: 1, lastStatus: 500 });
    expect(await office.isRunning(endpoint)).toBe(true);
    expect(receiver.received).toHaveLength(1);
  });

  test('what was taken before Temporal went away is done with', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const messages = await office.addMessages(3, [endpoint]);
    receiver.answer((response, request) => withStatus(request.id === messages[2]?._id ? 500 : 204)(response, request));
    const away = { ...office.backlogs, wake: () => Promise.reject(new Error('Temporal is not available')) };
    await expect(dispatch({ ...office, backlogs: away }, justRecorded(messages), Date.now() + 10_000)).rejects.toThrow(
      'Temporal is not available',
    );
    expect(await office.undispatched()).toBe(1);
  });

  test('the repair leaves fresh messages to whoever recorded them', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    await office.addMessages(1, [endpoint]);
    expect(await dispatchOverdue(office, { forMs: 5_000 })).toBe(0);
    expect(receiver.received).toHaveLength(0);
  });
});

const late = (message: MessageDoc): MessageDoc => ({ ...message, createdAt: Date.now() - 60_000 });
