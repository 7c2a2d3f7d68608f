import { Attempts } from '../../src/storage/attempts';
import { Deliveries } from '../../src/storage/deliveries';
import { type MessageDoc, Messages } from '../../src/storage/messages';
import { ReplayedDeliveries } from '../../src/storage/replayedDeliveries';
import { type ReplayDoc, Replays, type ReplayWish } from '../../src/storage/replays';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { WebhookEndpoints } from '../../src/storage/webhookEndpoints';
import { replayWorkflowId } from '../../src/temporal/replayNames';
import { attemptsOf } from '../../src/webhooks/attemptsOf';
import { drainBacklog } from '../../src/webhooks/drainBacklog';
import { eraseMessages } from '../../src/webhooks/eraseMessages';
import { beginReplay, IdempotencyKeyReused } from '../../src/webhooks/replay/beginReplay';
import { cancelReplay } from '../../src/webhooks/replay/cancelReplay';
import { countReplay } from '../../src/webhooks/replay/countReplay';
import { replayPart } from '../../src/webhooks/replay/replayPart';
import { diedAt } from './diedAt';
import { openPostOffice, type PostOffice, quickPolicy, quickReplays, until } from './postOffice';
import { type Receiver, startReceiver, withStatus } from './receiver';

const HOUR_MS = 3_600_000;

describe('events that are sent again', () => {
  let office: PostOffice;
  let receiver: Receiver;
  let oldest: number;

  beforeEach(async () => {
    office = await openPostOffice();
    receiver = await startReceiver();
    oldest = Date.now() - HOUR_MS;
  });
  afterEach(async () => {
    await receiver.close();
    await office.close();
  });

  /** Told an hour ago, a second apart, oldest first. */
  async function told(count: number, targets: readonly WebhookEndpointDoc[], given: Partial<MessageDoc> = {}): Promise<MessageDoc[]> {
    const messages: MessageDoc[] = [];
    for (let n = 0; n < count; n++)
      messages.push(...(await office.addMessages(1, targets, { createdAt: oldest++, dispatched: true, ...given })));
    return messages;
  }
  const keyOf = ({ _id: messageId, createdAt }: MessageDoc, { _id: endpointId }: WebhookEndpointDoc) => ({
    ...{ teamId: office.teamId, endpointId, messageId, createdAt },
  });
  async function taken(count: number, endpoint: WebhookEndpointDoc, given: Partial<MessageDoc> = {}): Promise<MessageDoc[]> {
    const messages = await told(count, [endpoint], given);
    for (const message of messages)
      await office.deliveries.accept(keyOf(message, endpoint), { at: message.createdAt, status: 200, error: null, tookMs: 5 });
    return messages;
  }
  async function givenUp(count: number, endpoint: WebhookEndpointDoc): Promise<MessageDoc[]> {
    const messages = await told(count, [endpoint]);
    for (const message of messages) {
      await office.deliveries.leavePending(keyOf(message, endpoint), { at: message.createdAt, status: 500, error: 'HTTP 500', tookMs: 5 });
      await office.deliveries.exhaust({ _id: `${message._id}:${endpoint._id}`, teamId: office.teamId }, 8);
    }
    return messages;
  }
  const idsOf = (messages: readonly MessageDoc[]) => messages.map(({ _id }) => _id);
  const ids = () => receiver.received.map(({ id }) => id);
  const everything = (given: Partial<Extract<ReplayWish, { kind: 'replay' }>> = {}): ReplayWish => ({
    ...{ kind: 'replay', userId: null, types: null, from: 0, to: Date.now() },
    ...given,
  });
  const begin = (endpoint: WebhookEndpointDoc, wish: ReplayWish, key: string | null = null) => beginReplay(office, endpoint, wish, key);
  const stateOf = ({ _id }: ReplayDoc) => office.replays.load(office.teamId, _id);
  const hasEnded = (replay: ReplayDoc) => async () => (await stateOf(replay))?.endedAt !== null;
  const part = ({ _id: operationId }: ReplayDoc, stores = {}) =>
    replayPart({ ...office, ...stores }, { teamId: office.teamId, operationId }, quickReplays);
  const drain = ({ _id: endpointId }: WebhookEndpointDoc) =>
    drainBacklog(office, {
      ...{ teamId: office.teamId, endpointId, policy: quickPolicy, postsPerSecond: 1_000, anywhere: false },
      signal: new AbortController().signal,
      progress: () => undefined,
    });

  describe('by their workflow', () => {
    let stopWork: () => Promise<void>;

    beforeEach(async () => {
      stopWork = await office.work();
    });
    afterEach(() => stopWork());

    test('are as many as were counted before: all it was sent, and what its filters let through of the rest, oldest first, once each', async () => {
      const endpoint = await office.addEndpoint({ url: receiver.url, filterTypes: ['daily.*'] });
      const theirs = await taken(25, endpoint, { userId: 'them' });
      const unsent = await told(3, [], { userId: 'them' });
      await told(2, [], { userId: 'them', type: 'historical.data.glucose.created' });
      await told(1, [], { userId: 'them', type: 'endpoint.failing' });
      const other = await taken(1, endpoint, { userId: 'somebody else' });
      const [late] = await taken(1, endpoint, { userId: 'them', createdAt: Date.now() - 1_000 });
      const wish = everything({ userId: 'them', types: ['daily.*', 'endpoint.*'], to: oldest });
      const expected = idsOf([...theirs, ...unsent]);
      expect(await countReplay(office, endpoint, wish)).toEqual({ wouldSend: expected.length, waiting: 0, isComplete: true });
      expect(ids()).toEqual([]);

      const replay = await begin(endpoint, wish);
      await until(hasEnded(replay));
      await until(() => receiver.received.length >= expected.length);
      expect(ids()).toEqual(expected);
      expect(ids()).not.toContain(other[0]?._id);
      expect(ids()).not.toContain(late?._id);
      expect(await stateOf(replay)).toMatchObject({ outcome: 'done', queued: expected.length, lookedAt: expected.length + 3, waiting: 0 });
    });

    test('are what was given up since then, with all their tries before them, and nothing that was taken', async () => {
      const endpoint = await office.addEndpoint({ url: receiver.url });
      await taken(2, endpoint);
      await givenUp(2, endpoint);
      const since = oldest;
      const lost = await givenUp(12, endpoint);
      const replay = await begin(endpoint, { kind: 'recover', since });
      await until(() => receiver.received.length >= lost.length);
      await until(hasEnded(replay));
      expect(ids()).toEqual(idsOf(lost));
      expect(await stateOf(replay)).toMatchObject({ outcome: 'done', queued: 12 });
      await until(async () => (await office.delivery(lost[0] ?? never(), endpoint))?.state === 'accepted');
      expect(await office.delivery(lost[0] ?? never(), endpoint)).toMatchObject({ refusals: 0 });
    });

    test('are one, whatever the filters say, and its first try is still told of', async () => {
      const endpoint = await office.addEndpoint({ url: receiver.url, filterTypes: ['provider.*'] });
      const [sent] = await taken(1, endpoint);
      const [never_] = await told(1, []);
      for (const message of [sent ?? never(), never_ ?? never()]) {
        await begin(endpoint, { kind: 'resend', messageId: message._id, userId: message.userId });
        await until(() => ids().includes(message._id));
        await until(async () => (await office.delivery(message, endpoint))?.state === 'accepted');
      }
      expect(ids()).toEqual([sent?._id, never_?._id]);
      const which = { teamId: office.teamId, endpointId: endpoint._id, messageId: sent?._id };
      expect((await attemptsOf(office, which, null, 10)).map(({ outcome, at }) => [outcome, at === sent?.createdAt])).toEqual([
        ['accepted', false],
        ['accepted', true],
      ]);
      const of = [endpoint._id];
      expect(await office.deliveries.acceptances(office.teamId, sent?._id ?? '', of)).toEqual([sent?.createdAt]);
    });

    test('are overtaken by what happens meanwhile', async () => {
      const endpoint = await office.addEndpoint({ url: receiver.url });
      await taken(30, endpoint);
      receiver.answer((response) => void setTimeout(() => response.writeHead(204).end(), 150));
      await begin(endpoint, everything());
      await until(() => receiver.received.length >= 2);
      const [live] = await office.addMessages(1, [endpoint]);
      await office.deliver([live ?? never()]);
      await until(() => ids().includes(live?._id ?? ''));
      expect(receiver.received.length).toBeLessThan(31);
      await until(() => receiver.received.length === 31);
    });

    test('cost no try while the endpoint takes nothing, and are few until they are cancelled', async () => {
      const endpoint = await office.addEndpoint({ url: receiver.url });
      const messages = await taken(60, endpoint);
      receiver.answer(withStatus(500));
      const replay = await begin(endpoint, everything());
      await until(() => receiver.received.length >= 2);
      await until(async () => ((await stateOf(replay))?.queued ?? 0) >= quickReplays.mostWaiting);

      const metadata = () => office.client.workflow.getHandle(replayWorkflowId(replay._id)).query('__temporal_workflow_metadata');
      await until(async () => JSON.stringify(await metadata()).includes('waits until the endpoint has taken some of them'));
      expect(JSON.stringify(await metadata())).toContain(`${quickReplays.mostWaiting} events to be sent again`);

      const cancelled = await cancelReplay(office, replay);
      expect(cancelled).toMatchObject({ outcome: 'cancelled' });
      await office.client.workflow.getHandle(replayWorkflowId(replay._id)).result();
      const queued = (await stateOf(replay))?.queued ?? 0;
      expect(queued).toBeLessThan(messages.length);
      for (const message of messages) expect((await office.delivery(message, endpoint))?.refusals).toBe(0);

      receiver.answer(withStatus(204));
      await until(async () => !(await office.deliveries.hasPending({ teamId: office.teamId, endpointId: endpoint._id })));
      expect(new Set(ids()).size).toBeLessThan(messages.length);
    });

    test('end for good when somebody cancels the workflow in the Temporal UI, or the endpoint is disabled', async () => {
      receiver.answer(withStatus(503));
      for (const [outcome, stop] of [
        ['cancelled', ({ _id }: ReplayDoc) => office.client.workflow.getHandle(replayWorkflowId(_id)).cancel()],
        [
          'endpoint_disabled',
          ({ endpointId }: ReplayDoc) =>
            office.endpoints.change({ teamId: office.teamId, environment: 'production' }, endpointId, { disabled: true }, Date.now()),
        ],
      ] as const) {
        const endpoint = await office.addEndpoint({ url: receiver.url });
        await taken(40, endpoint);
        const replay = await begin(endpoint, everything());
        await until(async () => ((await stateOf(replay))?.queued ?? 0) >= quickReplays.mostWaiting);
        await stop(replay);
        await until(hasEnded(replay));
        expect(await stateOf(replay)).toMatchObject({ outcome });
      }
    });
  });

  test('are sent once each, wherever whoever makes them pending is killed, also between being sent and being counted', async () => {
    for (let step = 0; ; step++) {
      const endpoint = await office.addEndpoint({ url: receiver.url });
      const messages = [...(await taken(2, endpoint)), ...(await givenUp(1, endpoint)), ...(await told(1, []))];
      const replay = await begin(endpoint, everything({ from: messages[0]?.createdAt ?? 0, to: messages.at(-1)?.createdAt ?? 0 }));
      const died = await partDyingAt(step, replay);
      await drain(endpoint);
      await part(replay);
      await drain(endpoint);
      const mine = new Set(idsOf(messages));
      expect(
        ids()
          .filter((id) => mine.has(id))
          .sort(),
      ).toEqual([...mine].sort());
      expect(await stateOf(replay)).toMatchObject({ outcome: 'done', queued: 4, lookedAt: 4 });
      await office.endpoints.remove({ teamId: office.teamId, environment: 'production' }, endpoint._id);
      if (!died) return;
    }
  });

  test('are joined by who asks for the same, begun anew once they are over, and with a key never twice', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    await taken(1, endpoint);
    const wish = everything();
    const [first, second] = await Promise.all([begin(endpoint, wish), begin(endpoint, wish)]);
    expect([second?._id, second?.startedAt]).toEqual([first?._id, first?.startedAt]);
    await part(first);
    await drain(endpoint);
    const anew = await begin(endpoint, wish);
    expect(anew).toMatchObject({ _id: first._id, endedAt: null, queued: 0 });
    await part(anew);
    await drain(endpoint);
    expect(ids()).toHaveLength(2);

    const keyed = await begin(endpoint, wish, 'a key');
    expect(keyed._id).not.toBe(first._id);
    await part(keyed);
    expect(await begin(endpoint, wish, 'a key')).toMatchObject({ _id: keyed._id, outcome: 'done' });
    await expect(begin(endpoint, { kind: 'recover', since: 0 }, 'a key')).rejects.toThrow(IdempotencyKeyReused);
  });

  test('are none that wait already, and none that are erased, also when it falls between choosing and posting', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const [waiting] = await told(1, [endpoint]);
    await office.deliveries.leavePending(keyOf(waiting ?? never(), endpoint), null);
    const [underway] = await told(1, [endpoint], { dispatched: false });
    const [erased, kept, lost] = await taken(3, endpoint);
    await eraseMessages(office, office.teamId, [{ ...(erased ?? never()) }]);
    const replay = await begin(endpoint, everything());
    await part(replay);
    expect(await stateOf(replay)).toMatchObject({ queued: 2, waiting: 2 });
    await office.messages.erase(office.teamId, [lost?._id ?? '']);
    await drain(endpoint);
    expect(ids().sort()).toEqual([waiting?._id ?? '', kept?._id ?? ''].sort());
    expect(ids()).not.toContain(underway?._id);
  });

  /** @returns whether it died */
  const partDyingAt = (step: number, replay: ReplayDoc): Promise<boolean> =>
    diedAt(step, office.databaseName, (db) =>
      part(replay, {
        messages: new Messages(db),
        endpoints: new WebhookEndpoints(db),
        deliveries: new Deliveries(db),
        replayed: new ReplayedDeliveries(db),
        replays: new Replays(db),
        attempts: new Attempts(db),
      }),
    );
});

const never = (): never => {
  throw new Error('not there');
};
