import { randomUUID } from 'node:crypto';
import { messageId } from '../../src/webhooks/messageId';
import { recordMessages } from '../../src/webhooks/recordMessage';
import { type CountedDatabase, countedDatabase } from '../storage/countedDatabase';
import { openPostOffice, type PostOffice, quickPolicy } from './postOffice';
import { type Receiver, startReceiver } from './receiver';

/** Commands as they go over the wire, from news to delivered, the number and the log of attempts included. */
describe('what a webhook costs the database', () => {
  let counted: CountedDatabase;
  let office: PostOffice;
  let receiver: Receiver;

  beforeAll(async () => {
    counted = await countedDatabase();
    office = await openPostOffice(quickPolicy, counted.over);
    receiver = await startReceiver();
    await office.addEndpoint({ url: receiver.url });
  });
  afterAll(async () => {
    await receiver.close();
    await office.close();
    await counted.close();
  });

  const connectionWithPast = async (): Promise<string> => {
    const connectionId = randomUUID();
    await office.messages.sequences.take(office.teamId, connectionId, 1);
    return connectionId;
  };
  const tell = async (connectionId: string, count: number): Promise<void> => {
    const news = Array.from({ length: count }, (_, n) => {
      const id = messageId('news', connectionId, n);
      return { id, teamId: office.teamId, userId: randomUUID(), connectionId, type: 'daily.data.glucose.created', body: '{"data":{}}' };
    });
    await recordMessages(office, office.teamId, news);
    await office.deliver(await office.messages.undispatchedOf(connectionId, 100));
  };
  const commands = (): number => Object.values(counted.taken()).reduce((sum, count) => sum + count, 0);

  test.each([1, 5, 10])('two commands for each message, and five for all of a connection: %d', async (count) => {
    const connectionId = await connectionWithPast();
    const before = receiver.received.length;
    counted.taken();
    await tell(connectionId, count);
    // For all: their number, the endpoints twice, the messages, that they are dispatched.
    expect(commands()).toBe(2 * count + 5);
    expect(receiver.received).toHaveLength(before + count);
  });

  test('less where many connections have news at the same time: they share what is not their own', async () => {
    const connections = await Promise.all(Array.from({ length: 40 }, connectionWithPast));
    const before = receiver.received.length;
    counted.taken();
    await Promise.all(connections.map((connectionId) => tell(connectionId, 1)));
    // Seven each if nothing were shared; their own are the number and the look at what they have to tell.
    expect(commands()).toBeLessThanOrEqual(4 * connections.length);
    expect(receiver.received).toHaveLength(before + connections.length);
  });
});
