import fc from 'fast-check';
import type { Deliveries } from '../../src/storage/deliveries';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { openPostOffice, type PostOffice, until } from './postOffice';
import { type Answer, type Receiver, startReceiver, withStatus } from './receiver';

/**
 * The schedules in which a hand-over without one of its rules leaves a message where nobody looks (test/models/dispatch.ts finds them; here they
 * are forced on the real servers). Each ends without the scheduled repair.
 */
describe('no message is left where nobody looks', () => {
  let office: PostOffice;
  let receiver: Receiver;
  let endpoint: WebhookEndpointDoc;
  let stopWork: () => Promise<void>;
  /** Runs once, after a drain has looked for the last time and before its workflow hears of it. */
  let afterLastLook: (() => Promise<void>) | null = null;

  beforeAll(async () => {
    office = await openPostOffice();
    const looking = office.deliveries.hasQueue.bind(office.deliveries);
    const deliveries: Deliveries = Object.assign(Object.create(office.deliveries), {
      hasQueue: async (...args: Parameters<Deliveries['hasQueue']>) => {
        const pending = await looking(...args);
        const intervene = pending ? null : afterLastLook;
        if (intervene) afterLastLook = null;
        await intervene?.();
        return pending;
      },
    });
    stopWork = await office.work({ deliveries });
  });
  afterAll(async () => {
    await stopWork();
    await office.close();
  });
  beforeEach(async () => {
    receiver = await startReceiver();
    endpoint = await office.addEndpoint({ url: receiver.url });
  });
  afterEach(() => receiver.close());

  const ended = () => until(async () => !(await office.isRunning(endpoint)));
  const handOver = async () => {
    const messages = await office.addMessages(1, [endpoint]);
    await office.deliver(messages);
    return messages.map(({ _id }) => _id);
  };
  const ids = () => receiver.received.map(({ id }) => id);

  test('when it becomes pending between the last look and the workflow’s end', async () => {
    await office.endpoints.markFailing(office.teamId, endpoint._id);
    const late: string[] = [];
    afterLastLook = async () => {
      // By now the endpoint is healthy again; its state was read before.
      await office.endpoints.markFailing(office.teamId, endpoint._id);
      late.push(...(await handOver()));
    };
    const early = await handOver();
    await ended();
    expect(late).toHaveLength(1);
    expect(ids()).toEqual([...early, ...late]);
  });

  test('when its post fails while a drain ends and calls the endpoint healthy', async () => {
    receiver.answer(async (response, request) => {
      receiver.answer(withStatus(200));
      await office.backlogs.wake({ teamId: office.teamId, endpointId: endpoint._id }, null);
      await ended();
      withStatus(500)(response, request);
    });
    const [id] = await handOver();
    expect(await office.isRunning(endpoint)).toBe(true);
    await ended();
    expect(ids()).toEqual([id, id]);
  });

  test('when a straggler of an earlier drain calls the endpoint healthy', async () => {
    receiver.answer(withStatus(500));
    const early = await handOver();
    await office.endpoints.markHealthy(office.teamId, endpoint._id, null);
    const late = await handOver();
    receiver.answer(withStatus(200));
    await ended();
    expect(new Set(ids())).toEqual(new Set([...early, ...late]));
    expect(await office.deliveries.hasPending({ teamId: office.teamId, endpointId: endpoint._id })).toBe(false);
  });

  test('whatever an endpoint does while many connections have news', async () => {
    const seed = Date.now();
    const numbers = fc.sample(fc.double({ min: 0, max: 0.999, noNaN: true }), { seed, numRuns: 500 });
    const random = () => numbers.pop() ?? 0;
    const moods: readonly Answer[] = [withStatus(200), withStatus(200), withStatus(503), (response) => response.destroy()];
    receiver.answer((response, request) => moods[Math.floor(random() * moods.length)]?.(response, request));
    const connections = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const sent: string[] = [];
        for (let n = 0; n < 10; n++) {
          await new Promise((resolve) => setTimeout(resolve, random() * 200));
          sent.push(...(await handOver()));
        }
        return sent;
      }),
    );
    receiver.answer(withStatus(200));
    await ended();

    const missing = connections.flat().filter((id) => !ids().includes(id));
    expect({ seed, missing, undispatched: await office.undispatched() }).toEqual({ seed, missing: [], undispatched: 0 });
    expect(await office.deliveries.hasPending({ teamId: office.teamId, endpointId: endpoint._id })).toBe(false);
    expect(await office.endpoints.get({ teamId: office.teamId }, endpoint._id)).toMatchObject({ state: 'healthy' });
  });

  test('when the worker stops in the middle of a drain', async () => {
    await office.endpoints.markFailing(office.teamId, endpoint._id);
    const messages = await office.addMessages(40, [endpoint]);
    receiver.answer((response) => void setTimeout(() => response.writeHead(200).end(), 20));
    await office.deliver(messages);
    await until(() => receiver.received.length >= 10);
    await stopWork();
    expect(await office.isRunning(endpoint)).toBe(true);
    const before = receiver.received.length;
    expect(before).toBeLessThan(40);

    stopWork = await office.work();
    await ended();
    expect(new Set(ids())).toEqual(new Set(messages.map(({ _id }) => _id)));
    // Only what was in flight may have come twice.
    expect(receiver.received.length).toBeLessThanOrEqual(40 + 1);
  });
});
