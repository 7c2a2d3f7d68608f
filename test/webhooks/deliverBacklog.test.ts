import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { changeEndpoint } from '../../src/webhooks/changeEndpoint';
import { createEgress } from '../../src/webhooks/egress/egress';
import { removeEndpoint } from '../../src/webhooks/removeEndpoint';
import { wakeBacklogs } from '../../src/webhooks/wakeBacklogs';
import { never } from './never';
import { openPostOffice, type PostOffice, quickPolicy, until } from './postOffice';
import { type Receiver, startReceiver, withStatus } from './receiver';
import { SECRET } from './samples';

describe('a failing endpoint', () => {
  let office: PostOffice;
  let receiver: Receiver;
  let stopWork: () => Promise<void>;
  /** Answers so late that its test is begun before all others. */
  let late: { receiver: Receiver; endpoint: WebhookEndpointDoc; messages: MessageDoc[] };

  beforeAll(async () => {
    office = await openPostOffice({ ...quickPolicy, drainsPerRun: 3 });
    stopWork = await office.work();

    const receiver = await startReceiver();
    receiver.answer((response) => void setTimeout(() => response.writeHead(200).end(), 14_000));
    const endpoint = await office.addEndpoint({ url: receiver.url, slowSince: Date.now() });
    late = { receiver, endpoint, messages: await office.addMessages(1, [endpoint]) };
    await office.deliver(late.messages);
  });
  afterAll(async () => {
    await stopWork();
    await late.receiver.close();
    await office.close();
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  const ids = () => receiver.received.map(({ id }) => id);
  const ended = (endpoint: WebhookEndpointDoc) => until(async () => !(await office.isRunning(endpoint)));
  const stateOf = (endpoint: WebhookEndpointDoc) => office.endpoints.get({ teamId: office.teamId }, endpoint._id);
  const hasPending = ({ _id: endpointId }: WebhookEndpointDoc) => office.deliveries.hasPending({ teamId: office.teamId, endpointId });

  test('that was down gets everything once it is back, oldest first, what came meanwhile included', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    await receiver.close();
    const early = await office.addMessages(30, [endpoint]);
    await office.deliver(early);
    const late = await office.addMessages(40, [endpoint]);
    await office.deliver(late);
    expect(await office.undispatched()).toBe(0);

    receiver = await startReceiver(Number(receiver.host.split(':')[1]));
    await ended(endpoint);
    expect(ids()).toEqual([...early, ...late].map(({ _id }) => _id));
    expect(await hasPending(endpoint)).toBe(false);
    expect(await stateOf(endpoint)).toMatchObject({ state: 'healthy', slowSince: null });

    const [next] = await office.addMessages(1, [endpoint]);
    await office.deliver([next ?? never()]);
    expect(ids().at(-1)).toBe(next?._id);
    expect(await office.isRunning(endpoint)).toBe(false);
  });

  test('that has asked for time is posted nothing meanwhile, and then all of it oldest first', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    receiver.answer(withStatus(429, { 'retry-after': '3600' }));
    const refused = await office.addMessages(1, [endpoint]);
    await office.deliver(refused);
    const handle = office.backlog(endpoint);
    await until(async () => JSON.stringify(await handle.query('__temporal_workflow_metadata')).includes('next probe'));

    receiver.answer(withStatus(200));
    const younger = await office.addMessages(3, [endpoint]);
    for (const message of younger) await office.deliver([message]);
    expect(ids()).toEqual(refused.map(({ _id }) => _id));
    expect(await stateOf(endpoint)).toMatchObject({ state: 'failing' });
    expect(await office.undispatched()).toBe(0);

    await handle.signal('tryNow');
    await ended(endpoint);
    expect(ids()).toEqual([...refused, ...refused, ...younger].map(({ _id }) => _id));
    expect(await stateOf(endpoint)).toMatchObject({ state: 'healthy' });
  });

  test('is tried until it takes a message, under one id and one body', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    receiver.answer((response, request) => withStatus(receiver.received.length < 4 ? 500 : 200)(response, request));
    const [message] = await office.addMessages(1, [endpoint]);
    await office.deliver([message ?? never()]);
    await ended(endpoint);

    expect(ids()).toEqual(Array(4).fill(message?._id));
    expect(new Set(receiver.received.map(({ body }) => body))).toEqual(new Set([message?.body]));
    expect(await office.delivery(message ?? never(), endpoint)).toMatchObject({ state: 'accepted', attempts: 4, lastStatus: 200 });
  });

  test('of many connections keeps each one’s order, however long the backlog', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, state: 'failing' });
    const connections = await Promise.all(Array.from({ length: 6 }, () => office.addMessages(25, [endpoint])));
    await Promise.all(connections.map((messages) => office.deliver(messages)));
    await ended(endpoint);

    expect(receiver.received).toHaveLength(150);
    for (const messages of connections) {
      const mine = new Set(messages.map(({ _id }) => _id));
      expect(ids().filter((id) => mine.has(id))).toEqual([...mine]);
    }
    // No event per message: whatever waits costs no memory.
    const { events } = await office.backlog(endpoint).fetchHistory();
    expect(events?.length).toBeLessThan(60);
  });

  test('gets inline tries again once it has been seen quick', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, slowSince: Date.now() });
    await office.deliver(await office.addMessages(1, [endpoint]));
    await ended(endpoint);
    expect(await stateOf(endpoint)).toMatchObject({ state: 'healthy', slowSince: null });
  });

  test('is not left alone by a drain that did not see what became pending late', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, state: 'failing' });
    const [old] = await office.addMessages(1, [endpoint]);
    const messages = await office.addMessages(3, [endpoint]);
    // The older one is committed while a younger one is being posted: behind the cursor.
    receiver.answer((response, request) => {
      if (receiver.received.length > 1) return withStatus(200)(response, request);
      void office.deliveries
        .leavePending(
          { teamId: office.teamId, endpointId: endpoint._id, messageId: old?._id ?? never(), createdAt: old?.createdAt ?? never() },
          null,
        )
        .then(() => withStatus(200)(response, request));
    });
    await office.deliver(messages);
    await ended(endpoint);
    expect(ids()).toEqual([...messages, old ?? never()].map(({ _id }) => _id));
  });

  test('that is cancelled or terminated from the Temporal UI is taken up again by the repair', async () => {
    for (const end of ['cancel', 'terminate'] as const) {
      const endpoint = await office.addEndpoint({ url: receiver.url });
      receiver.answer(withStatus(500));
      const messages = await office.addMessages(2, [endpoint]);
      await office.deliver(messages);
      await office.backlog(endpoint)[end]();
      await ended(endpoint);
      expect(await hasPending(endpoint)).toBe(true);

      receiver.answer(withStatus(200));
      expect(await wakeBacklogs(office)).toBe(1);
      await ended(endpoint);
      expect(await hasPending(endpoint)).toBe(false);
      expect(await wakeBacklogs(office)).toBe(0);
    }
  });

  test('that somebody drains already is left to them by the repair', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    receiver.answer(withStatus(500));
    await office.deliver(await office.addMessages(1, [endpoint]));
    expect(await wakeBacklogs(office)).toBe(0);
    receiver.answer(withStatus(200));
    await ended(endpoint);
  });

  test('that is disabled gets no further try, and all of it once it is enabled', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const scope = { teamId: office.teamId, environment: endpoint.environment };
    const changing = { ...office, egress: createEgress([receiver.host]) };
    receiver.answer(withStatus(500));
    const messages = await office.addMessages(3, [endpoint]);
    await office.deliver(messages);
    await changeEndpoint(changing, scope, endpoint._id, { disabled: true });
    await ended(endpoint);
    const before = receiver.received.length;

    receiver.answer(withStatus(200));
    expect(await wakeBacklogs(office)).toBe(0);
    expect(receiver.received).toHaveLength(before);
    expect(await changeEndpoint(changing, scope, endpoint._id, { disabled: false })).toMatchObject({ state: 'failing', disabled: false });
    await ended(endpoint);
    expect(ids().slice(before)).toEqual(messages.map(({ _id }) => _id));
    expect(await stateOf(endpoint)).toMatchObject({ state: 'healthy' });
    await changing.egress.close();
  });

  test('that is deleted gets no further try, and nothing is left of its backlog', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    receiver.answer(withStatus(500));
    await office.deliver(await office.addMessages(3, [endpoint]));
    expect(await removeEndpoint(office, { teamId: office.teamId, environment: endpoint.environment }, endpoint._id)).toBe(true);
    await ended(endpoint);
    expect(await hasPending(endpoint)).toBe(false);
  });

  test('shows a reader of the Temporal UI what is wrong and what comes next, and neither URL, secret nor body', async () => {
    const endpoint = await office.addEndpoint({ url: `${receiver.url}?token=hunter2` });
    receiver.answer((response) => response.writeHead(503, { 'retry-after': '3600' }).end('{"password":"hunter3"}'));
    const [message] = await office.addMessages(1, [endpoint]);
    await office.deliver([message ?? never()]);
    const handle = office.backlog(endpoint);
    const details = async () => JSON.stringify(await handle.query('__temporal_workflow_metadata'));
    await until(async () => (await details()).includes('next probe'));

    const shown = (await details()) + JSON.stringify((await handle.describe()).raw) + JSON.stringify((await handle.fetchHistory()).events);
    expect(shown).toContain('1 attempts in a row were not taken, the last: HTTP 503');
    for (const secret of ['hunter2', 'hunter3', SECRET, message?.body ?? never()]) expect(shown).not.toContain(secret);

    // An hour was asked for; nobody has to wait it out.
    receiver.answer(withStatus(200));
    await handle.signal('tryNow');
    await ended(endpoint);
    expect(await hasPending(endpoint)).toBe(false);
  });

  test('is probed over many runs, each of which stays short', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    receiver.answer((response, request) => withStatus(receiver.received.length < 7 ? 500 : 200)(response, request));
    await office.deliver(await office.addMessages(1, [endpoint]));
    const { runId: first } = await office.backlog(endpoint).describe();
    await ended(endpoint);
    expect(receiver.received).toHaveLength(7);
    expect((await office.backlog(endpoint).describe()).runId).not.toBe(first);
  });

  test('that takes 14 s for an answer is given them, once per message', async () => {
    await ended(late.endpoint);
    expect(late.receiver.received.map(({ id }) => id)).toEqual(late.messages.map(({ _id }) => _id));
    expect(await stateOf(late.endpoint)).toMatchObject({ state: 'healthy', slowSince: expect.any(Number) });
  });
});
