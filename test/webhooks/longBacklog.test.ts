import { type Database, openDatabase } from '../../src/storage/database';
import { type DeliveryDoc, deliveryId } from '../../src/storage/deliveries';
import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { AHEAD } from '../../src/webhooks/queueAhead';
import { mongodbUri } from '../servers';
import { openPostOffice, type PostOffice, quickPolicy, until } from './postOffice';
import { startReceiver, withStatus } from './receiver';
import { aMessage } from './samples';

const PROBES_REFUSED = 2;
/** Two probes that are not taken and a drain that ends short of the backlog are one run. */
const policy = { ...quickPolicy, drainMessages: 100, drainsPerRun: PROBES_REFUSED + 1, postsPerSecond: 10_000 };
/** More than is posted before the story ends; what nobody reads need not be there. */
const REACHED = 1_000;

let office: PostOffice;
let database: Database;
let stopWork: () => Promise<void>;
/** How much a process held at a time: the lengths of all that drains have read. */
const read: number[] = [];

beforeAll(async () => {
  office = await openPostOffice(policy);
  database = await openDatabase({ uri: mongodbUri(), name: office.databaseName });
  stopWork = await office.work({ deliveries: counting(office.deliveries, 'queueOf'), messages: counting(office.messages, 'read') });
});
afterAll(async () => {
  await stopWork();
  await database.close();
  await office.close();
});

/** The same storage, which notes how many documents a query gave. */
function counting<Storage extends object>(storage: Storage, query: keyof Storage): Storage {
  return new Proxy(storage, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name !== query || typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        const found: unknown = await Reflect.apply(member, target, args);
        if (Array.isArray(found)) read.push(found.length);
        return found;
      };
    },
  });
}

/** Straight into the database: what a long outage leaves. */
async function leaveBacklog({ _id: endpointId, teamId }: WebhookEndpointDoc, count: number): Promise<void> {
  const createdAt = Date.now() - count;
  const messages = Array.from({ length: count }, (_, n) =>
    aMessage({ teamId, createdAt: createdAt + n, targets: [endpointId], dispatched: true }),
  );
  const deliveries = messages.map(
    ({ _id: messageId, createdAt }): DeliveryDoc => ({
      ...{ _id: deliveryId(messageId, endpointId), teamId, endpointId, messageId, state: 'pending', createdAt, nextAttemptAt: null },
      ...{ attempts: 0, refusals: 0, lastStatus: null, lastError: null, lastLatencyMs: null, lastAttemptAt: null, acceptedAt: null },
    }),
  );
  await database.db.collection<MessageDoc>('messages').insertMany(messages.slice(0, REACHED), { ordered: false });
  await database.db.collection<DeliveryDoc>('deliveries').insertMany(deliveries, { ordered: false });
}

interface Run {
  /** What happened in the first run, but for the workflow's own tasks, which a slow machine repeats. */
  readonly events: readonly string[];
  /** What the next one was given, as it stands in the history. */
  readonly handedOn: { readonly bytes: number; readonly state: object };
}

/** The first run of an endpoint's workflow that finds so many messages waiting. */
async function firstRun(count: number): Promise<Run> {
  const receiver = await startReceiver();
  receiver.answer((response, request) => withStatus(receiver.received.length <= PROBES_REFUSED ? 503 : 200)(response, request));
  const endpoint = await office.addEndpoint({ url: receiver.url, state: 'failing' });
  await leaveBacklog(endpoint, count);
  await office.backlogs.tryNow({ teamId: office.teamId, endpointId: endpoint._id });

  const { runId } = await office.backlog(endpoint).describe();
  const first = office.client.workflow.getHandle(office.backlog(endpoint).workflowId, runId);
  await until(async () => (await first.describe()).status.name === 'CONTINUED_AS_NEW');
  await office.endpoints.change({ teamId: office.teamId, environment: endpoint.environment }, endpoint._id, { disabled: true }, Date.now());
  await until(async () => !(await office.isRunning(endpoint)));
  await receiver.close();

  const events = (await first.fetchHistory()).events ?? [];
  const input = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.input?.payloads?.[0]?.data;
  if (!input) throw new Error('nothing was handed on');
  return {
    events: events.map(kindOf).filter((kind) => !kind.startsWith('workflowTask')),
    handedOn: { bytes: input.length, state: JSON.parse(Buffer.from(input).toString()).state },
  };
}

/** The one part of an event that is set. */
const kindOf = (event: object): string => Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '';

test('a backlog a hundred times as long costs its workflow the same history and the same kilobyte of state, and a process no larger pages', async () => {
  const short = await firstRun(200);
  const long = await firstRun(20_000);
  expect(long.events).toEqual(short.events);
  expect(long.events.filter((kind) => kind.startsWith('activityTaskScheduled'))).toHaveLength(policy.drainsPerRun);
  expect(Object.keys(long.handedOn.state)).toEqual(Object.keys(short.handedOn.state));
  expect(JSON.stringify(long.handedOn.state).length).toBeLessThan(1_024);
  // A digit more here or there.
  expect(Math.abs(long.handedOn.bytes - short.handedOn.bytes)).toBeLessThan(10);
  expect(Math.max(...read)).toBe(AHEAD);
});
