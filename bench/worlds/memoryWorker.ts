import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { ConnectionSnapshot, SyncActivities } from '../../src/activities';
import { policyFor } from '../../src/freshness/policy';
import { createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { taskQueues } from '../../src/temporal/taskQueues';
import { connectionWorkflowId } from '../../src/temporal/workflowNames';
import { temporalAddress } from '../../test/servers';
import { quietRuntime } from '../quietRuntime';
import { benchBundle } from './benchBundle';

/** Workflows that are there before counting begins: what comes once is not theirs. */
const FIRST = 100;
const MORE = 500;
const STARTED_AT_ONCE = 10;
const DAY_MS = 86_400_000;

/** A process of its own: prints how many bytes it grew by for each further cached workflow. Argument: `syncConnection` or `idle`. */
async function main(kind: string): Promise<void> {
  quietRuntime();
  const queuePrefix = `bench-${randomUUID().slice(0, 8)}-`;
  const native = await NativeConnection.connect({ address: temporalAddress() });
  const connection = await Connection.connect({ address: temporalAddress() });
  const client = new Client({ connection });
  const taskQueue = taskQueues(queuePrefix).sync;
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: await benchBundle(),
    activities: { loadConnection: async ({ connectionId }) => asleep(connectionId) } satisfies Partial<SyncActivities>,
    maxCachedWorkflows: 2 * (FIRST + MORE),
  });
  const workflows = createConnectionWorkflows(client, { queuePrefix, policy: policyFor(300_000) });
  const ids: string[] = [];

  const startOne = async (): Promise<void> => {
    const connectionId = randomUUID();
    ids.push(connectionWorkflowId(connectionId));
    if (kind === 'idle') await client.workflow.start('idle', { taskQueue, workflowId: connectionWorkflowId(connectionId) });
    else await workflows.ensureRunning({ connectionId, teamId: randomUUID(), userId: randomUUID() });
  };
  const settled = async (count: number): Promise<number> => {
    while (ids.length < count) await Promise.all(Array.from({ length: STARTED_AT_ONCE }, startOne));
    while (worker.getStatus().numCachedWorkflows < count || worker.getStatus().numInFlightWorkflowActivations > 0) await pause(200);
    await pause(3_000);
    return process.memoryUsage().rss;
  };

  await worker.runUntil(async () => {
    const before = await settled(FIRST);
    const after = await settled(FIRST + MORE);
    console.log(JSON.stringify({ bytesEach: (after - before) / MORE }));
    for (const id of ids) await client.workflow.getHandle(id).terminate('measured');
  });
  await Promise.all([native.close(), connection.close()]);
}

/** Nothing to do until tomorrow: the state in which thousands of them wait. */
function asleep(connectionId: string): ConnectionSnapshot {
  const now = Date.now();
  const tomorrow = now + DAY_MS;
  return {
    connectionId,
    desired: 'running',
    accessTokenExpiresAt: tomorrow + DAY_MS,
    needsReauth: null,
    liveFrom: now,
    coveredUntil: now,
    nextPollAt: tomorrow,
    nextSweepAt: tomorrow,
    nextDeepSweepAt: tomorrow,
    backfill: { floor: now, ceiling: now, doneBackTo: now },
    failures: 0,
  };
}

void main(process.argv[2] ?? 'idle').then(() => process.exit(0));
