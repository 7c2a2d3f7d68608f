import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dispatchOverdue } from '../../src/webhooks/dispatchOverdue';
import { mongodbUri, temporalAddress } from '../servers';
import type { DeliverOnce } from './deliverOnce';
import { openPostOffice, type PostOffice } from './postOffice';
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
    const [first, second] = await office.addMessages(2, [endpoint], { createdAt: Date.now() - 60_000 });
    if (!first || !second) throw new Error('not there');
    let child: ChildProcess | null = null;
    receiver.answer((response, request) => {
      child?.kill('SIGKILL');
      withStatus(200)(response, request);
    });
    child = deliverInAnotherProcess(first.connectionId ?? '');
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    expect(receiver.received).toHaveLength(1);
    expect(await office.undispatched()).toBe(2);

    receiver.answer(withStatus(200));
    await dispatchOverdue(office, { forMs: 10_000, overdueMs: 0 });
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
    await dispatchOverdue(office, { forMs: 10_000, overdueMs: 0 });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/other']);
    expect(await office.undispatched()).toBe(0);
  });

  function deliverInAnotherProcess(connectionId: string): ChildProcess {
    const order: DeliverOnce = {
      mongodbUri: mongodbUri(),
      database: office.databaseName,
      temporalAddress: temporalAddress(),
      key: Buffer.from(key).toString('base64'),
      allowedHost: receiver.host,
      connectionId,
    };
    return spawn(process.execPath, ['--import', 'tsx', require.resolve('./deliverOnce'), JSON.stringify(order)], { stdio: 'inherit' });
  }
});
