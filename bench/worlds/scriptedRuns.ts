import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { policyFor, type SyncPolicy } from '../../src/freshness/policy';
import { createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { taskQueues } from '../../src/temporal/taskQueues';
import { connectionWorkflowId } from '../../src/temporal/workflowNames';
import { temporalAddress } from '../../test/servers';
import { Script } from '../../test/workflows/script';
import { benchBundle } from './benchBundle';
import type { History } from './livePerson';

/** For each of `lengths` a connection's run of so many polls with news, as the real server records it; the activities only answer. */
export async function scriptedRuns(lengths: readonly number[]): Promise<readonly History[]> {
  const queuePrefix = `bench-${randomUUID().slice(0, 8)}-`;
  const native = await NativeConnection.connect({ address: temporalAddress() });
  const connection = await Connection.connect({ address: temporalAddress() });
  const client = new Client({ connection });
  const script = new Script();
  script.pollEveryMs = 20;
  script.onPull = async () => ({ created: 1, messages: 1 });
  const worker = await Worker.create({
    connection: native,
    taskQueue: taskQueues(queuePrefix).sync,
    workflowBundle: await benchBundle(),
    activities: { ...script },
  });

  async function firstRun(policy: SyncPolicy): Promise<History> {
    const connectionId = randomUUID();
    await createConnectionWorkflows(client, { queuePrefix, policy }).ensureRunning({
      connectionId,
      teamId: randomUUID(),
      userId: randomUUID(),
    });
    const workflowId = connectionWorkflowId(connectionId);
    const { runId } = await client.workflow.getHandle(workflowId).describe();
    const run = client.workflow.getHandle(workflowId, runId);
    while ((await run.describe()).status.name === 'RUNNING') await pause(200);
    await client.workflow.getHandle(workflowId).terminate('measured');
    return run.fetchHistory();
  }

  try {
    return await worker.runUntil(async () => {
      const runs: History[] = [];
      for (const pollsPerRun of lengths) runs.push(await firstRun({ ...policyFor(1_000), pollsPerRun }));
      return runs;
    });
  } finally {
    await Promise.all([native.close(), connection.close()]);
  }
}
