import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { messageId } from '../../src/webhooks/messageId';
import { recordMessages } from '../../src/webhooks/recordMessage';
import { countedDatabase } from '../../test/storage/countedDatabase';
import { openPostOffice, type PostOffice, quickPolicy } from '../../test/webhooks/postOffice';
import type { Figure } from '../figure';
import { percentile, sum } from '../statistics';
import { atOnce } from '../worlds/atOnce';
import { openSink, type Sink } from '../worlds/sink';

const CONNECTIONS = 200;
const MESSAGES_EACH = 4;
const AT_ONCE = 16;
/** A twentieth of what the machine can do: what is waited for is the way, not a queue. */
const GAP_MS = 20;
const BODY = JSON.stringify({ data: { values: 'x'.repeat(2_000) } });

/** From news to delivered, recording included: how long it takes once a message is stored, and how often the database is asked. */
export const webhookPath: Figure = {
  name: 'webhookPath',

  async measure() {
    const storedAt = new Map<string, number>();
    const latencies: number[] = [];
    const sink = await openSink((id) => {
      const at = storedAt.get(id);
      if (at !== undefined) latencies.push(performance.now() - at);
    });
    const counted = await countedDatabase();
    const office = await openPostOffice(quickPolicy, counted.over);
    try {
      await office.addEndpoint({ url: sink.url });
      const connections = Array.from({ length: CONNECTIONS }, () => randomUUID());
      await atOnce(AT_ONCE, connections, (connectionId) => tell(office, connectionId, 1));

      const polls = connections.map(async (connectionId, n) => {
        await pause(n * GAP_MS);
        const [id = ''] = await record(office, connectionId, 1);
        storedAt.set(id, performance.now());
        await deliver(office, connectionId);
      });
      await Promise.all(polls);

      const [known = ''] = connections;
      const alone = await commandsEach(1, (count) => tell(office, known, count));
      const aloneWithMore = await commandsEach(MESSAGES_EACH, (count) => tell(office, known, count));
      const together = await commandsEach(CONNECTIONS * MESSAGES_EACH, () =>
        atOnce(AT_ONCE, connections, (connectionId) => tell(office, connectionId, MESSAGES_EACH)),
      );
      await checkTaken(office, sink);
      return {
        measurements: [
          {
            figure: `database commands per message and endpoint, ${AT_ONCE} polls of ${MESSAGES_EACH} at once`,
            goal: { of: 'measured', is: 'at most', value: 3 },
            measured: { value: together, unit: 'commands' },
            floor: null,
          },
          ...[0.5, 0.99].map((share) => ({
            figure: `message stored → received, p${share * 100}`,
            goal: null,
            measured: { value: percentile(latencies, share), unit: 'ms' },
            floor: null,
          })),
        ],
        notes: [
          `counted on the wire, from news to dispatched; a poll of one message alone takes ${alone}, a poll of ${MESSAGES_EACH} ${aloneWithMore} each`,
          `${latencies.length} messages, one every ${GAP_MS} ms, to one endpoint in this process; without the workflow task between storing and dispatching`,
        ],
      };
    } finally {
      await office.close();
      await Promise.all([counted.close(), sink.close()]);
    }

    async function commandsEach(count: number, run: (count: number) => Promise<void>): Promise<number> {
      counted.taken();
      await run(count);
      return sum(Object.values(counted.taken())) / count;
    }
  },
};

async function tell(office: PostOffice, connectionId: string, count: number): Promise<void> {
  await record(office, connectionId, count);
  await deliver(office, connectionId);
}

/** @returns the messages' ids */
async function record(office: PostOffice, connectionId: string, count: number): Promise<readonly string[]> {
  const { teamId } = office;
  const news = Array.from({ length: count }, () => ({
    ...{ id: messageId('news', connectionId, randomUUID()), teamId, userId: randomUUID(), connectionId },
    ...{ type: 'daily.data.glucose.created', body: BODY },
  }));
  await recordMessages(office, teamId, news);
  return news.map(({ id }) => id);
}

const deliver = async (office: PostOffice, connectionId: string): Promise<void> =>
  office.deliver(await office.messages.undispatchedOf(connectionId, 100));

async function checkTaken(office: PostOffice, sink: Sink): Promise<void> {
  const told = CONNECTIONS * (2 + MESSAGES_EACH) + 1 + MESSAGES_EACH;
  if ((await office.undispatched()) > 0 || sink.taken() < told) throw new Error('not everything was taken inline');
}
