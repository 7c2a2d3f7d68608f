import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Db } from 'mongodb';
import { createReplayActivities } from '../../src/activities/replays';
import { createWebhookActivities } from '../../src/activities/webhooks';
import { createLog } from '../../src/log';
import { Attempts } from '../../src/storage/attempts';
import { Deliveries, type DeliveryDoc } from '../../src/storage/deliveries';
import { type MessageDoc, Messages } from '../../src/storage/messages';
import { ReplayedDeliveries } from '../../src/storage/replayedDeliveries';
import { Replays } from '../../src/storage/replays';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { WebhookEndpoints } from '../../src/storage/webhookEndpoints';
import { backlogWorkflowId } from '../../src/temporal/backlogNames';
import { type Backlogs, createBacklogs } from '../../src/temporal/backlogs';
import { createReplayRuns, type ReplayRuns } from '../../src/temporal/replayRuns';
import { taskQueues } from '../../src/temporal/taskQueues';
import { workflowBundle } from '../../src/temporal/workflowBundle';
import { type Dispatching, dispatch } from '../../src/webhooks/dispatch';
import type { Draining } from '../../src/webhooks/drainBacklog';
import { createEgress } from '../../src/webhooks/egress/egress';
import { createInFlight, POSTS_IN_FLIGHT } from '../../src/webhooks/inFlight';
import type { Replaying } from '../../src/webhooks/replay/replayPart';
import { createSender } from '../../src/webhooks/sender';
import { type BacklogPolicy, backlogPolicy } from '../../src/workflows/backlogPolicy';
import type { ReplayPolicy } from '../../src/workflows/replayPolicy';
import { temporalAddress } from '../servers';
import { freshDatabase } from '../storage/freshDatabase';
import { aMessage, anEndpoint, keyring, PUBLIC_URL } from './samples';

/** Quick enough for a test; everything else as in production. */
export const quickPolicy: BacklogPolicy = {
  ...backlogPolicy,
  probeAfterMs: [200, 300],
  probeEveryMs: 300,
  retryAfterMs: [200, 200],
  drainMs: 5_000,
};

export const quickReplays: ReplayPolicy = { page: 10, mostWaiting: 20, partMs: 2_000, pauseMs: 50, longestPauseMs: 200, partsPerRun: 20 };

/** One team's outbox on a database of its own, with everything that delivers from it, on the real servers. */
export interface PostOffice extends Dispatching, Draining, Replaying {
  readonly replayRuns: ReplayRuns;
  readonly teamId: string;
  readonly databaseName: string;
  readonly client: Client;
  readonly prefix: string;
  /** What the operator has been told. */
  readonly raised: readonly { readonly type: string; readonly endpointId: string }[];
  addEndpoint(given: Partial<WebhookEndpointDoc>): Promise<WebhookEndpointDoc>;
  /** Messages of one connection in the order given, a millisecond apart. */
  addMessages(count: number, targets: readonly WebhookEndpointDoc[], given?: Partial<MessageDoc>): Promise<MessageDoc[]>;
  /** What the `deliver` activity does with messages just recorded, with as much time as the test likes. */
  deliver(messages: readonly MessageDoc[], forMs?: number): Promise<void>;
  delivery(message: MessageDoc, endpoint: WebhookEndpointDoc): Promise<DeliveryDoc | null>;
  undispatched(): Promise<number>;
  /** The events about one endpoint, oldest first. */
  operational(endpointId: string): Promise<MessageDoc[]>;
  backlog(endpoint: WebhookEndpointDoc): ReturnType<Client['workflow']['getHandle']>;
  /** What the Temporal UI shows of its workflow, as text. */
  details(endpoint: WebhookEndpointDoc): Promise<string>;
  isRunning(endpoint: WebhookEndpointDoc): Promise<boolean>;
  /** A worker for backlogs, until the function it gives is called. */
  work(deps?: Partial<Dispatching & Draining>): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** @param over wraps the database as deliveries see it */
export async function openPostOffice(policy = quickPolicy, over = (db: Db): Db => db): Promise<PostOffice> {
  const database = await freshDatabase();
  const connection = await Connection.connect({ address: temporalAddress() });
  const client = new Client({ connection });
  const prefix = `test-${randomUUID().slice(0, 8)}-`;
  const teamId = randomUUID();
  const db = over(database.db);
  const allowedHosts: string[] = [];
  const egress = createEgress(allowedHosts);
  const backlogs: Backlogs = createBacklogs(client, { queuePrefix: prefix, policy });
  const raised: { type: string; endpointId: string }[] = [];
  const deps: Dispatching & Draining & Replaying = {
    messages: new Messages(db),
    endpoints: new WebhookEndpoints(db),
    deliveries: new Deliveries(db),
    attempts: new Attempts(db),
    replayed: new ReplayedDeliveries(db),
    replays: new Replays(db),
    alarms: { raise: (type, { _id }) => void raised.push({ type, endpointId: _id }) },
    sender: createSender({ keyring, egress, publicUrl: PUBLIC_URL }),
    inFlight: createInFlight(POSTS_IN_FLIGHT),
    backlogs,
  };
  const endpointIds: string[] = [];
  let createdAt = 0;

  return {
    ...deps,
    replayRuns: createReplayRuns(client, { queuePrefix: prefix, policy: quickReplays }),
    teamId,
    databaseName: db.databaseName,
    client,
    prefix,
    raised,

    async addEndpoint(given) {
      const endpoint = anEndpoint({ teamId, ...given });
      allowedHosts.push(new URL(endpoint.url).host);
      endpointIds.push(endpoint._id);
      await deps.endpoints.insert(endpoint);
      return endpoint;
    },

    async addMessages(count, targets, given) {
      const connectionId = randomUUID();
      const messages = Array.from({ length: count }, () => {
        createdAt = Math.max(Date.now(), createdAt + 1);
        return aMessage({ teamId, connectionId, createdAt, targets: targets.map(({ _id }) => _id), ...given });
      });
      for (const message of messages) await deps.messages.insert(message);
      return messages;
    },

    deliver: (messages, forMs = 10_000) => dispatch(deps, justRecorded(messages), Date.now() + forMs),
    delivery: (message, endpoint) => db.collection<DeliveryDoc>('deliveries').findOne({ _id: `${message._id}:${endpoint._id}` }),
    operational: (endpointId) =>
      db
        .collection<MessageDoc>('messages')
        .find({ connectionId: null, body: { $regex: `"endpoint_id":"${endpointId}"` } })
        .sort({ createdAt: 1 })
        .toArray(),
    undispatched: () => db.collection('messages').countDocuments({ dispatched: false }),
    backlog: ({ _id }) => client.workflow.getHandle(backlogWorkflowId(_id)),
    details: async ({ _id }) =>
      JSON.stringify(await client.workflow.getHandle(backlogWorkflowId(_id)).query('__temporal_workflow_metadata')),
    isRunning: ({ _id }) => backlogs.isRunning(_id),

    async work(other = {}) {
      const { sync, webhooks } = taskQueues(prefix);
      installRuntime();
      const native = await NativeConnection.connect({ address: temporalAddress() });
      const log = createLog({ level: 'fatal', name: 'test' });
      const activities = { ...createWebhookActivities({ ...deps, ...other }, log), ...createReplayActivities(deps, log) };
      const workers = [
        await Worker.create({
          connection: native,
          taskQueue: sync,
          workflowBundle: await workflowBundle(),
          activities,
          maxCachedWorkflows: 0,
        }),
        await Worker.create({ connection: native, taskQueue: webhooks, activities }),
      ];
      const runs = workers.map((worker) => worker.run());
      return async () => {
        for (const worker of workers) worker.shutdown();
        await Promise.all(runs);
        await native.close();
      };
    },

    async close() {
      for (const id of endpointIds)
        await client.workflow
          .getHandle(backlogWorkflowId(id))
          .terminate()
          .catch(() => undefined);
      await egress.close();
      await connection.close();
      await database.close();
    },
  };
}

let isInstalled = false;

/** Once per test file, before its first native connection. */
function installRuntime(): void {
  if (!isInstalled) Runtime.install({ logger: new DefaultLogger('ERROR') });
  isInstalled = true;
}

/** The same, however long a busy machine took to come to them. */
export const justRecorded = (messages: readonly MessageDoc[]): MessageDoc[] =>
  messages.map((message, n) => ({ ...message, createdAt: Date.now() + n }));

/** @throws when it has not come to hold for 40 s */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 40_000; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 50)))
    if (Date.now() > end) throw new Error(`waited in vain: ${holds}`);
}
