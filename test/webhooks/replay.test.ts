import type { ReplayDoc } from '../../src/storage/replays';
import { replayWorkflowId } from '../../src/temporal/replayNames';
import { attemptsOf } from '../../src/webhooks/attemptsOf';
import { eraseMessages } from '../../src/webhooks/eraseMessages';
import { IdempotencyKeyReused } from '../../src/webhooks/replay/beginReplay';
import { cancelReplay } from '../../src/webhooks/replay/cancelReplay';
import { countReplay } from '../../src/webhooks/replay/countReplay';
import { diedAt } from './diedAt';
import { never } from './never';
import { type PostOffice, quickReplays, until } from './postOffice';
import { type Receiver, withStatus } from './receiver';
import { everything, idsOf, keyOf, openReplayWorld, type ReplayWorld, storesOn } from './replayWorld';

describe('events that are sent again', () => {
  let world: ReplayWorld;
  let office: PostOffice;
  let receiver: Receiver;

  beforeEach(async () => {
    world = await openReplayWorld();
    ({ office, receiver } = world);
  });
  afterEach(() => world.close());

  const hasEnded = (replay: ReplayDoc) => async () => (await world.stateOf(replay))?.endedAt !== null;
  describe('by their workflow', () => {
    let stopWork: () => Promise<void>;

    beforeEach(async () => {
      stopWork = await office.work();
    });
    afterEach(() => stopWork());

    test('are as many as were counted before: all it was sent, and what its filters let through of the rest, oldest first, once each', async () => {
      const endpoint = await office.addEndpoint({ url: receiver.url, filterTypes: ['daily.*'] });
      const theirs = await world.taken(25, endpoint, { userId: 'them' });
      const unsent = await world.told(3, [], { userId: 'them' });
      await world.told(2, [], { userId: 'them', type: 'historical.data.glucose.created' });
      await world.told(1, [], { userId: 'them', type: 'endpoint.failing' });
      const other = await world.taken(1, endpoint, { userId: 'somebody else' });
      const [late] = await world.taken(1, endpoint, { userId: 'them', createdAt: Date.now() - 1_000 });
      const wish = everything({ userId: 'them', types: ['daily.*', 'endpoint.*'], to: world.next() });
      const expected = idsOf([...theirs, ...unsent]);
      expect(await countReplay(office, endpoint, wish)).toEqual({ wouldSend: expected.length, waiting: 0, isComplete: true });
      expect(world.ids()).toEqual([]);

      const replay = await world.begin(endpoint, wish);
      await until(hasEnded(replay));
      await until(() => receiver.received.length >= expected.length);
      expect(world.ids()).toEqual(expected);
      expect(world.ids()).not.toContain(other[0]?._id);
      expect(world.ids()).not.toContain(late?._id);
      expect(await world.stateOf(replay)).toMatchObject({
        outcome: 'done',
        queued: expected.length,
        lookedAt: expected.length + 3,
        waiting: 0,
      });
    });

    test('are what was given up since then, with all their tries before them, and nothing that was taken', async () => {
      const endpoint = await office.addEndpoint({ url: receiver.url });
      await world.taken(2, endpoint);
      await world.givenUp(2, endpoint);
      const since = world.next();
      const lost = await world.givenUp(12, endpoint);
      const replay = await world.begin(endpoint, { kind: 'recover', since });
      await until(() => receiver.received.length >= lost.length);
      await until(hasEnded(replay));
      expect(world.ids()).toEqual(idsOf(lost));
      expect(await world.stateOf(replay)).toMatchObject({ outcome: 'done', queued: 12 });
      await until(async () => (await office.delivery(lost[0] ?? never(), endpoint))?.state === 'accepted');
      expect(await office.delivery(lost[0] ?? never(), endpoint)).toMatchObject({ refusals: 0 });
    });

    test('are one, whatever the filters say, and its first try is still told of', async () => {
      const endpoint = await office.addEndpoint({ url: receiver.url, filterTypes: ['provider.*'] });
      const [sent] = await world.taken(1, endpoint);
      const [never_] = await world.told(1, []);
      for (const message of [sent ?? never(), never_ ?? never()]) {
        await world.begin(endpoint, { kind: 'resend', messageId: message._id, userId: message.userId });
        await until(() => world.ids().includes(message._id));
        await until(async () => (await office.delivery(message, endpoint))?.state === 'accepted');
      }
      expect(world.ids()).toEqual([sent?._id, never_?._id]);
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
      await world.taken(30, endpoint);
      receiver.answer((response) => void setTimeout(() => response.writeHead(204).end(), 150));
      await world.begin(endpoint, everything());
      await until(() => receiver.received.length >= 2);
      const [live] = await office.addMessages(1, [endpoint]);
      await office.deliver([live ?? never()]);
      await until(() => world.ids().includes(live?._id ?? ''));
      expect(receiver.received.length).toBeLessThan(31);
      await until(() => receiver.received.length === 31);
    });

    test('cost no try while the endpoint takes nothing, are few until they are cancelled, and come no more then', async () => {
      const endpoint = await office.addEndpoint({ url: receiver.url });
      const messages = await world.taken(60, endpoint);
      receiver.answer(withStatus(500));
      const replay = await world.begin(endpoint, everything());
      await until(() => receiver.received.length >= 2);
      await until(async () => ((await world.stateOf(replay))?.queued ?? 0) >= quickReplays.mostWaiting);

      const metadata = () => office.client.workflow.getHandle(replayWorkflowId(replay._id)).query('__temporal_workflow_metadata');
      await until(async () => JSON.stringify(await metadata()).includes('waits until the endpoint has taken some of them'));
      expect(JSON.stringify(await metadata())).toContain(`${quickReplays.mostWaiting} events to be sent again`);

      const cancelled = await cancelReplay(office, replay);
      expect(cancelled).toMatchObject({ outcome: 'cancelled' });
      await office.client.workflow.getHandle(replayWorkflowId(replay._id)).result();
      expect((await world.stateOf(replay))?.queued).toBeLessThan(messages.length);
      const tried = new Set(world.ids());
      for (const message of messages) expect((await office.delivery(message, endpoint))?.refusals).toBe(0);

      receiver.answer(withStatus(204));
      await until(async () => !(await office.deliveries.hasPending({ teamId: office.teamId, endpointId: endpoint._id })));
      const comeSince = new Set(world.ids().filter((id) => !tried.has(id)));
      // One may have been on its way.
      expect(comeSince.size).toBeLessThanOrEqual(1);
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
        await world.taken(40, endpoint);
        const replay = await world.begin(endpoint, everything());
        await until(async () => ((await world.stateOf(replay))?.queued ?? 0) >= quickReplays.mostWaiting);
        await stop(replay);
        await until(hasEnded(replay));
        expect(await world.stateOf(replay)).toMatchObject({ outcome });
      }
    });
  });

  test('are sent once each, wherever whoever makes them pending is killed, also between being sent and being counted', async () => {
    for (let step = 0; ; step++) {
      const endpoint = await office.addEndpoint({ url: receiver.url });
      const messages = [...(await world.taken(2, endpoint)), ...(await world.givenUp(1, endpoint)), ...(await world.told(1, []))];
      const replay = await world.begin(endpoint, everything({ from: messages[0]?.createdAt ?? 0, to: messages.at(-1)?.createdAt ?? 0 }));
      const died = await partDyingAt(step, replay);
      await world.drain(endpoint);
      await world.part(replay);
      await world.drain(endpoint);
      const mine = new Set(idsOf(messages));
      expect(
        world
          .ids()
          .filter((id) => mine.has(id))
          .sort(),
      ).toEqual([...mine].sort());
      expect(await world.stateOf(replay)).toMatchObject({ outcome: 'done', queued: 4, lookedAt: 4 });
      await office.endpoints.remove({ teamId: office.teamId, environment: 'production' }, endpoint._id);
      if (!died) return;
    }
  });

  test('are joined by who asks for the same, begun anew once they are over, and with a key never twice', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    await world.taken(1, endpoint);
    const wish = everything();
    const [first, second] = await Promise.all([world.begin(endpoint, wish), world.begin(endpoint, wish)]);
    expect([second?._id, second?.startedAt]).toEqual([first?._id, first?.startedAt]);
    await world.part(first);
    await world.drain(endpoint);
    const anew = await world.begin(endpoint, wish);
    expect(anew).toMatchObject({ _id: first._id, endedAt: null, queued: 0 });
    await world.part(anew);
    await world.drain(endpoint);
    expect(world.ids()).toHaveLength(2);

    const keyed = await world.begin(endpoint, wish, 'a key');
    expect(keyed._id).not.toBe(first._id);
    await world.part(keyed);
    expect(await world.begin(endpoint, wish, 'a key')).toMatchObject({ _id: keyed._id, outcome: 'done' });
    await expect(world.begin(endpoint, { kind: 'recover', since: 0 }, 'a key')).rejects.toThrow(IdempotencyKeyReused);
  });

  test('are none that wait already, and none that are erased, also when it falls between choosing and posting', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const [waiting] = await world.told(1, [endpoint]);
    await office.deliveries.leavePending(keyOf(waiting ?? never(), endpoint), null);
    const [underway] = await world.told(1, [endpoint], { dispatched: false });
    const [erased, kept, lost] = await world.taken(3, endpoint);
    await eraseMessages(office, office.teamId, [{ ...(erased ?? never()) }]);
    const replay = await world.begin(endpoint, everything());
    await world.part(replay);
    expect(await world.stateOf(replay)).toMatchObject({ queued: 2, waiting: 2 });
    await office.messages.erase(office.teamId, [lost?._id ?? '']);
    await world.drain(endpoint);
    expect(world.ids().sort()).toEqual([waiting?._id ?? '', kept?._id ?? ''].sort());
    expect(world.ids()).not.toContain(underway?._id);
  });

  /** @returns whether it died */
  const partDyingAt = (step: number, replay: ReplayDoc): Promise<boolean> =>
    diedAt(step, office.databaseName, (db) => world.part(replay, storesOn(db)));
});
