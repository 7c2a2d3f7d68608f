import { Client, type Connection } from '@temporalio/client';
import { policyFor, type SyncPolicy } from '../../src/freshness/policy';
import { createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { connectionWorkflowId } from '../../src/temporal/workflowNames';
import type { Engine } from './engine';
import { providerOf } from './provider';

/**
 * Terminates a connection's workflow and starts another one at once, beside whatever activity of the first still runs; given other waits where
 * hours of them are not for a test.
 */
export async function runAnew(
  { engine, temporal }: { readonly engine: Engine; readonly temporal: Connection },
  userId: string,
  change: Partial<SyncPolicy> = {},
  meanwhile: (connectionId: string) => Promise<unknown> = async () => undefined,
): Promise<void> {
  const client = new Client({ connection: temporal });
  const { connection_id: connectionId } = await providerOf(engine, userId);
  const policy = { ...policyFor(3_000), ...change };
  await client.workflow.getHandle(connectionWorkflowId(connectionId)).terminate('begun anew by a test');
  await meanwhile(connectionId);
  const workflows = createConnectionWorkflows(client, { queuePrefix: engine.queuePrefix, policy });
  await workflows.ensureRunning({ connectionId, teamId: engine.teamId, userId });
}
