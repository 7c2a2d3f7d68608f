import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dispatchOverdue } from '../../src/webhooks/dispatchOverdue';
import { drainBacklog } from '../../src/webhooks/drainBacklog';
import { beginReplay } from '../../src/webhooks/replay/beginReplay';
import { replayPart } from '../../src/webhooks/replay/replayPart';
import { mongodbUri, temporalAddress } from '../servers';
import type { DeliverOnce } from './deliverOnce';
import { drainOf } from './drainOf';
import { openPostOffice, type PostOffice, quickReplays, until } from './postOffice';
import { type Receiver, startReceiver, withStatus } from './receiver';
import { key } from './samples';

describe('a worker killed while it delivers', () => {
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

  test('between post and record loses nothing: the message comes again under the same id', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    // Young, however long the other process takes to start.
    const messages = await office.addMessages(2, [endpoint], { createdAt: Date.now() + 60_000 });
    const [first, second] = messages;
    if (!first || !second) throw new Error('not there');
    let child: ChildProcess | null = null;
    receiver.answer((response, request) => {
      child?.kill('SIGKILL');
      withStatus(200)(response, request);
    });
    child = inAnotherProcess({ connectionId: first.connectionId ?? '' });
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    expect(receiver.received).toHaveLength(1);
    expect(await office.undispatched()).toBe(2);

    receiver.answer(withStatus(200));
    // A minute passes.
    await office.messages.erase(office.teamId, [first._id, second._id]);
    const createdAt = Date.now() - 60_000;
    for (const message of messages) await office.messages.insert({ ...message, createdAt });
    await dispatchOverdue(office, { forMs: 10_000, overdueMs: 30_000 });
    await drainBacklog(office, drainOf(endpoint));
    const oldestFirst = [first, second].sort((a, b) => (a._id < b._id ? -1 : 1)).map(({ _id }) => _id);
    expect(receiver.received.map(({ id }) => id)).toEqual([oldestFirst[0], ...oldestFirst]);
    expect(await office.undispatched()).toBe(0);
  });

  test('between record and the end of the message sends nothing again', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const other = await office.addEndpoint({ url: receiver.url.replace('/hook', '/other') });
    const [message] = await office.addMessages(1, [endpoint, other], { createdAt: Date.now() - 60_000 });
    if (!message) throw new Error('not there');
    const { teamId } = office;
    await office.deliveries.accept(
      { teamId, endpointId: endpoint._id, messageId: message._id, createdAt: message.createdAt },
      { at: Date.now(), status: 200, error: null, tookMs: 5 },
    );
    await dispatchOverdue(office, { forMs: 10_000, overdueMs: 30_000 });
    for (const target of [endpoint, other]) await drainBacklog(office, drainOf(target));
    expect(receiver.received.map(({ path }) => path)).toEqual(['/other']);
    expect(await office.undispatched()).toBe(0);
  });

  test('while it makes past events pending again loses none of them and has none posted twice', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url });
    const messages = await office.addMessages(120, [endpoint], { createdAt: Date.now() - 60_000, dispatched: true });
    const { teamId } = office;
    for (const { _id: messageId, createdAt } of messages)
      await office.deliveries.accept(
        { teamId, endpointId: endpoint._id, messageId, createdAt },
        { at: createdAt, status: 200, error: null, tookMs: 5 },
      );
    const wish = { kind: 'replay', userId: null, types: null, from: 0, to: Date.now() } as const;
    const { _id: operationId } = await beginReplay(office, endpoint, wish, null);
    const task = { teamId, operationId, policy: { ...quickReplays, page: 50, mostWaiting: 1_000, partMs: 30_000 } };

    const child = inAnotherProcess(task);
    const due = () => office.replayed.due({ teamId, endpointId: endpoint._id }, Date.now(), 120);
    await until(async () => (await due()) > 5);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await due()).toBeLessThan(messages.length);

    const work = drainOf(endpoint);
    await drainBacklog(office, work);
    expect(receiver.received.length).toBeGreaterThan(5);
    await replayPart(office, task, task.policy);
    await drainBacklog(office, work);
    expect(receiver.received.map(({ id }) => id).sort()).toEqual(messages.map(({ _id }) => _id).sort());
    expect(await office.replays.load(teamId, operationId)).toMatchObject({ outcome: 'done', queued: messages.length });
  });

  function inAnotherProcess(task: DeliverOnce['task']): ChildProcess {
    const order: DeliverOnce = {
      mongodbUri: mongodbUri(),
      database: office.databaseName,
      temporalAddress: temporalAddress(),
      key: Buffer.from(key).toString('base64'),
      allowedHost: receiver.host,
      task,
    };
    return spawn(process.execPath, ['--import', 'tsx', require.resolve('./deliverOnce'), JSON.stringify(order)], { stdio: 'inherit' });
  }
});
