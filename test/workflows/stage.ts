import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { SyncPolicy } from '../../src/freshness/policy';
import { type ConnectionWorkflows, createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { heartbeats } from '../../src/temporal/heartbeats';
import { type TaskQueues, taskQueues } from '../../src/temporal/taskQueues';
import { workflowBundle } from '../../src/temporal/workflowBundle';
import { connectionWorkflowId } from '../../src/temporal/workflowNames';
import { temporalAddress } from '../servers';

/** One bundle, one queue prefix and one connection to the server for a test file. */
export interface Stage {
  readonly client: Client;
  readonly prefix: string;
  /** Runs `during` with workers on the stage's queues; what is still running afterwards is terminated. */
  play(activities: object, during: () => Promise<void>, queues?: readonly (keyof TaskQueues)[]): Promise<void>;
  /** A worker that the test stops itself. */
  hire(activities: object, queues?: readonly (keyof TaskQueues)[]): Promise<{ dismiss(): Promise<void> }>;
  workflows(policy: SyncPolicy): ConnectionWorkflows;
  newConnection(): { connectionId: string; teamId: string; userId: string };
  handle(connectionId: string): ReturnType<Client['workflow']['getHandle']>;
  /** What the Temporal UI shows of a connection. */
  detailsOf(connectionId: string): Promise<string | undefined>;
  close(): Promise<void>;
}

const ALL_QUEUES: readonly (keyof TaskQueues)[] = ['sync', 'backfill', 'webhooks'];

/** @param maxCachedWorkflows none unless a test says otherwise: then every wake replays the history, and would show what is not deterministic */
export async function openStage({ maxCachedWorkflows = 0 } = {}): Promise<Stage> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  });
  const bundle = await workflowBundle();
  const native = await NativeConnection.connect({ address: temporalAddress() });
  const connection = await Connection.connect({ address: temporalAddress() });
  const client = new Client({ connection });
  const prefix = `test-${randomUUID().slice(0, 8)}-`;
  const started = new Set<string>();

  async function hire(activities: object, queues = ALL_QUEUES): Promise<{ dismiss(): Promise<void> }> {
    // As in production, so that what runs hears soon that it is cancelled.
    const shared = { connection: native, activities, interceptors: { activity: [heartbeats] }, maxHeartbeatThrottleInterval: 2_000 };
    const names = taskQueues(prefix);
    const workers = await Promise.all(
      queues.map((queue) => {
        const runsWorkflows = queue === 'sync' && { workflowBundle: bundle, maxCachedWorkflows };
        return Worker.create({ ...shared, taskQueue: names[queue], ...runsWorkflows });
      }),
    );
    const runs = workers.map((worker) => worker.run());
    return {
      async dismiss() {
        for (const worker of workers) worker.shutdown();
        await Promise.all(runs);
      },
    };
  }

  return {
    client,
    prefix,
    hire,
    async play(activities, during, queues) {
      const workers = await hire(activities, queues);
      try {
        await during();
      } finally {
        for (const id of started)
          await client.workflow
            .getHandle(id)
            .terminate()
            .catch(() => undefined);
        started.clear();
        await workers.dismiss();
      }
    },
    workflows: (policy) => createConnectionWorkflows(client, { queuePrefix: prefix, policy }),
    newConnection() {
      const connectionId = randomUUID();
      started.add(connectionWorkflowId(connectionId));
      return { connectionId, teamId: randomUUID(), userId: randomUUID() };
    },
    handle: (connectionId) => client.workflow.getHandle(connectionWorkflowId(connectionId)),
    async detailsOf(connectionId) {
      const handle = client.workflow.getHandle(connectionWorkflowId(connectionId));
      return (await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')).currentDetails;
    },
    async close() {
      await connection.close();
      await native.close();
    },
  };
}

/** Waits until `look` gives something. @throws when it has not for a minute: a busy machine loses workflow tasks, and each costs 10 s */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    const seen = await look();
    if (seen) return seen;
  }
  throw new Error(`waited a minute in vain: ${what}`);
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
