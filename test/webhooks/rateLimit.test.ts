import { dispatch } from '../../src/webhooks/dispatch';
import { drainBacklog } from '../../src/webhooks/drainBacklog';
import { createInFlight, POSTS_IN_FLIGHT } from '../../src/webhooks/inFlight';
import { never } from './never';
import { justRecorded, openPostOffice, type PostOffice, quickPolicy } from './postOffice';
import { type Receiver, startReceiver } from './receiver';

/** A timer may be a moment early. */
const EARLY_MS = 5;

/** No worker runs here. */
describe('an endpoint with a rate limit', () => {
  let office: PostOffice;
  let receiver: Receiver;
  let instants: number[];

  beforeAll(async () => {
    office = await openPostOffice();
  });
  afterAll(() => office.close());
  beforeEach(async () => {
    receiver = await startReceiver();
    instants = [];
    receiver.answer((response) => {
      instants.push(Date.now());
      response.writeHead(204).end();
    });
  });
  afterEach(() => receiver.close());

  /** Nothing came before its turn: the n-th not before n gaps were over. */
  const expectInTurn = (began: number, gapMs: number): void =>
    expect(instants.filter((instant, n) => instant < began + n * gapMs - EARLY_MS)).toEqual([]);

  test('has one turn after the other, whoever asks at once, and none behind the instant asked for', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, rateLimit: 10 });
    const now = Date.now();
    const take = (by: number) => office.endpoints.takeTurn(office.teamId, endpoint._id, 100, { now, by });
    const turns = await Promise.all(Array.from({ length: 30 }, () => take(now + 10_000)));
    expect(turns.map((turn) => turn ?? never()).sort((one, other) => one - other)).toEqual(turns.map((_, n) => now + n * 100));
    expect(await take(now + 2_999)).toBeNull();
    expect(await take(now + 3_000)).toBe(now + 3_000);
  });

  test('waits for no turns that a process whose clock was an hour ahead has taken', async () => {
    const now = Date.now();
    const endpoint = await office.addEndpoint({ url: receiver.url, rateLimit: 10, nextPostAt: now + 3_600_000 });
    const take = (by: number) => office.endpoints.takeTurn(office.teamId, endpoint._id, 100, { now, by });
    expect(await take(now + 99)).toBeNull();
    expect([await take(now + 10_000), await take(now + 10_000)]).toEqual([now + 100, now + 200]);
  });

  test('is posted to no faster by several processes together', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, rateLimit: 20 });
    const lots = await Promise.all([1, 2, 3].map(() => office.addMessages(4, [endpoint])));
    const began = Date.now();
    await Promise.all(
      lots.map((lot) => dispatch({ ...office, inFlight: createInFlight(POSTS_IN_FLIGHT) }, justRecorded(lot), began + 20_000)),
    );
    expect(receiver.received).toHaveLength(12);
    expectInTurn(began, 50);
  });

  test('leaves what has no turn in time to its backlog', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, rateLimit: 1, nextPostAt: Date.now() + 20_000 });
    const messages = await office.addMessages(2, [endpoint]);
    await office.deliver(messages, 3_000);
    expect(receiver.received).toHaveLength(0);
    for (const message of messages) expect(await office.delivery(message, endpoint)).toMatchObject({ state: 'pending', attempts: 0 });
    expect(await office.isRunning(endpoint)).toBe(true);
  });

  test('is drained no faster, in however many lanes', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, rateLimit: 20 });
    const { teamId } = office;
    const messages = await Promise.all(Array.from({ length: 10 }, () => office.addMessages(1, [endpoint])));
    for (const { _id: messageId, createdAt } of messages.flat())
      await office.deliveries.leavePending({ teamId, endpointId: endpoint._id, messageId, createdAt }, null);
    const began = Date.now();
    const drain = { teamId, endpointId: endpoint._id, policy: quickPolicy, postsPerSecond: 1_000, anywhere: false };
    await drainBacklog(office, { ...drain, signal: new AbortController().signal, progress: () => undefined });
    expect(receiver.received).toHaveLength(10);
    expectInTurn(began, 50);
  });
});
