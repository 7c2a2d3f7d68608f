import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../src/storage/database';
import type { MessageDoc } from '../../src/storage/messages';
import type { ReplayDoc } from '../../src/storage/replays';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { attemptsOf } from '../../src/webhooks/attemptsOf';
import { missingOf } from '../../src/webhooks/missingOf';
import { cancelReplay } from '../../src/webhooks/replay/cancelReplay';
import { replayPart } from '../../src/webhooks/replay/replayPart';
import { mongodbUri } from '../servers';
import { gatedDb } from '../sync/gatedDb';
import { never } from './never';
import { type PostOffice, quickReplays } from './postOffice';
import { everything, idsOf, keyOf, openReplayWorld, type ReplayWorld, storesOn } from './replayWorld';

/** What runs an endpoint's workflow is played by hand here, so that everything falls where the test says. */
describe('events that several want again, or nobody any more', () => {
  let world: ReplayWorld;
  let office: PostOffice;
  let endpoint: WebhookEndpointDoc;

  beforeEach(async () => {
    world = await openReplayWorld();
    office = world.office;
    endpoint = await office.addEndpoint({ url: world.receiver.url });
  });
  afterEach(() => world.close());

  const cancel = async (replay: ReplayDoc) => {
    await cancelReplay({ ...office, replayRuns: { ...office.replayRuns, ensureRunning: async () => undefined } }, replay);
    return world.part(replay);
  };
  const deliveries = (messages: readonly MessageDoc[]) => Promise.all(messages.map((message) => office.delivery(message, endpoint)));

  test('come once for all who asked before they came', async () => {
    const messages = await world.taken(3, endpoint);
    const first = await world.begin(endpoint, everything());
    const second = await world.begin(endpoint, everything({ to: Date.now() + 1 }));
    await world.part(first);
    await world.part(second);
    await world.drain(endpoint);
    expect(world.ids()).toEqual(idsOf(messages));
    expect(await world.stateOf(second)).toMatchObject({ outcome: 'done', queued: 0, waiting: 3 });
  });

  test('come once also where another made them pending, and the endpoint took them, since they were asked for', async () => {
    const messages = await world.taken(3, endpoint);
    const first = await begunAMinuteAgo();
    const second = await world.begin(endpoint, everything());
    await world.part(second);
    await world.drain(endpoint);
    await world.part(first);
    await world.drain(endpoint);
    expect(world.ids()).toEqual(idsOf(messages));
    expect(await world.stateOf(first)).toMatchObject({ outcome: 'done', queued: 0, waiting: 3 });
  });

  test('stand as they stood before, once they are wanted no more: taken, given up, never sent, each as if nobody had asked', async () => {
    const taken = await world.taken(2, endpoint);
    const given = await world.givenUp(1, endpoint);
    const unsent = await world.told(1, []);
    const before = await deliveries([...taken, ...given, ...unsent]);
    const which = { teamId: office.teamId, endpointId: endpoint._id };
    const attempts = await attemptsOf(office, which, null, 10);

    const replay = await world.begin(endpoint, everything());
    // Its page, and somebody who is killed before it is counted.
    await dyingBeforeItCounts(replay);
    expect((await deliveries(taken)).map((delivery) => delivery?.state)).toEqual(['pending', 'pending']);
    expect(await cancel(replay)).toMatchObject({ kind: 'over', outcome: 'cancelled' });

    const after = await deliveries([...taken, ...given, ...unsent]);
    expect(after.map((one) => one && { ...one, replayed: undefined })).toEqual(before);
    expect((await office.messages.past(office.teamId, idsOf(unsent)))[0]?.targets).toEqual([]);
    expect((await attemptsOf(office, which, null, 10)).map(({ messageId, at, outcome }) => [messageId, at, outcome])).toEqual(
      attempts.map(({ messageId, at, outcome }) => [messageId, at, outcome]),
    );
    await world.drain(endpoint);
    expect(world.ids()).toEqual([]);

    await world.part(await world.begin(endpoint, everything()));
    await world.drain(endpoint);
    expect(world.ids().sort()).toEqual(idsOf([...taken, ...given, ...unsent]).sort());
  });

  test('still come where another who asked has passed them over as waiting', async () => {
    const messages = [...(await world.taken(2, endpoint)), ...(await world.told(1, []))];
    const unfinished = await world.begin(endpoint, everything());
    await dyingBeforeItCounts(unfinished);
    const second = await world.begin(endpoint, everything({ to: Date.now() + 1 }));
    await world.part(second);
    await cancel(unfinished);
    await world.drain(endpoint);
    expect(world.ids().sort()).toEqual(idsOf(messages).sort());
  });

  test('come where another who asked for them is cancelled between any two steps of theirs', async () => {
    for (let step = 0, more = true; more; step++) {
      endpoint = await office.addEndpoint({ url: world.receiver.url });
      const messages = [...(await world.taken(1, endpoint)), ...(await world.told(1, []))];
      const wish = (to = 0) => everything({ from: messages[0]?.createdAt ?? 0, to: (messages[1]?.createdAt ?? 0) + to });
      const cancelled = await world.begin(endpoint, wish());
      await dyingBeforeItCounts(cancelled);
      const replay = await world.begin(endpoint, wish(1));
      more = await partWith(step, replay, () => cancel(cancelled));
      await world.drain(endpoint);
      const mine = new Set(idsOf(messages));
      expect([
        step,
        world
          .ids()
          .filter((id) => mine.has(id))
          .sort(),
      ]).toEqual([step, [...mine].sort()]);
      await office.endpoints.remove({ teamId: office.teamId, environment: 'production' }, endpoint._id);
    }
  });

  test('are taken back too where all of them wait already, and only then', async () => {
    const messages = await world.taken(3, endpoint);
    const before = await deliveries(messages);
    const replay = await world.begin(endpoint, everything());
    expect(await world.part(replay)).toMatchObject({ kind: 'over', outcome: 'done' });
    expect(await cancel(replay)).toMatchObject({ kind: 'over', outcome: 'cancelled' });
    expect((await deliveries(messages)).map((delivery) => delivery?.state)).toEqual(before.map((delivery) => delivery?.state));
    await world.drain(endpoint);
    expect(world.ids()).toEqual([]);

    const other = await world.begin(endpoint, everything());
    await world.part(other);
    await world.drain(endpoint);
    expect(await cancel(other)).toMatchObject({ kind: 'over', outcome: 'done' });
    expect(world.ids()).toEqual(idsOf(messages));
  });

  test('that are being posted while they are taken back stand as they did, and the try is told', async () => {
    const [message] = await world.taken(1, endpoint);
    const replay = await world.begin(endpoint, everything());
    await world.part(replay);
    world.receiver.answer((response) => void cancel(replay).then(() => response.writeHead(204).end()));
    await world.drain(endpoint);
    const [delivery] = await deliveries([message].flatMap((one) => one ?? []));
    expect(delivery).toMatchObject({ state: 'accepted', attempts: 1 });
    const page = await attemptsOf(office, { teamId: office.teamId, endpointId: endpoint._id }, null, 10);
    expect(page.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
  });

  test('come when they were tried, and stay with the endpoint’s catch-up if they were never sent', async () => {
    const [tried, caughtUp] = [await world.taken(1, endpoint), await world.told(1, [])];
    const replay = await world.begin(endpoint, everything());
    await dyingBeforeItCounts(replay);
    await office.deliveries.noteFailure(
      { _id: `${tried[0]?._id}:${endpoint._id}`, teamId: office.teamId },
      { at: Date.now(), status: 500, error: 'HTTP 500', tookMs: 5 },
    );
    const now = Date.now();
    const catchUp = { since: 0, after: { createdAt: now, _id: '' }, passed: true, until: now };
    await office.endpoints.change({ teamId: office.teamId, environment: 'production' }, endpoint._id, { catchUp }, now);
    await cancel(replay);
    expect((await deliveries([...tried, ...caughtUp])).map((delivery) => delivery?.state)).toEqual(['pending', 'pending']);
  });

  test('are missing only if the endpoint has never acknowledged them', async () => {
    await world.taken(2, endpoint);
    const lacking = [...(await world.givenUp(1, endpoint)), ...(await world.told(1, []))];
    await dyingBeforeItCounts(await world.begin(endpoint, everything()));
    const { missing } = await missingOf(office, endpoint, { createdAt: 0, _id: '' }, 10);
    expect(missing.map(({ message }) => message._id)).toEqual(idsOf(lacking));
  });

  test('are tried at once when one of them is asked for by its id, also where it waits in its turn', async () => {
    const [message] = await world.told(1, [endpoint]);
    await office.deliveries.leavePending(keyOf(message ?? never(), endpoint), null);
    const replay = await world.begin(endpoint, { kind: 'resend', messageId: message?._id ?? '', userId: null });
    let tried = 0;
    const backlogs = { ...office.backlogs, tryNow: async () => void tried++ };
    await replayPart({ ...office, backlogs }, { teamId: office.teamId, operationId: replay._id }, quickReplays);
    expect(tried).toBe(1);
    expect(await world.stateOf(replay)).toMatchObject({ outcome: 'done', queued: 0, waiting: 1 });
  });

  /** Its page becomes pending, and whoever did it does not come to say so. */
  async function dyingBeforeItCounts(replay: ReplayDoc): Promise<void> {
    const backlogs = {
      ...office.backlogs,
      wake: async () => {
        throw new Error('this process is dead');
      },
    };
    await expect(world.part(replay, { backlogs })).rejects.toThrow('this process is dead');
  }

  async function begunAMinuteAgo(): Promise<ReplayDoc> {
    const replay: ReplayDoc = {
      ...{ _id: randomUUID(), teamId: office.teamId, endpointId: endpoint._id, wish: everything(), startedAt: Date.now() - 60_000 },
      ...{ endedAt: null, outcome: null, after: { at: 0, _id: '' }, lookedAt: 0, queued: 0, waiting: 0 },
    };
    await office.replays.insert(replay);
    return replay;
  }

  /** Another process's part, before the n-th operation of which on the database something happens. @returns whether there were so many */
  async function partWith(step: number, replay: ReplayDoc, happens: () => Promise<unknown>): Promise<boolean> {
    const database = await openDatabase({ uri: mongodbUri(), name: office.databaseName });
    let hasHappened = false;
    const db = gatedDb(database.db, async (operation) => {
      if (operation !== step) return;
      hasHappened = true;
      await happens();
    });
    await world.part(replay, storesOn(db));
    await database.close();
    return hasHappened;
  }
});
