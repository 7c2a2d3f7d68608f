import { loadConfig } from '../../src/config';
import { policyFor } from '../../src/freshness/policy';
import { openTemporal } from '../../src/temporal/client';
import { createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { teamIdKey, userIdKey } from '../../src/temporal/searchAttributes';
import { taskQueues } from '../../src/temporal/taskQueues';
import { connectionWorkflowIdPrefix, connectionWorkflowType } from '../../src/temporal/workflowNames';
import type { MemoryFile } from '../home/memory';
import type { AppEnvironment } from './startApp';

/**
 * Starts the workflows of people connected by earlier starts anew if sensors read at another interval now: a running one keeps the policy it
 * was started with. To be called while no worker runs, so that nothing is under way. Others' workflows on a shared server are left alone.
 */
export async function followInterval(memory: MemoryFile, env: Pick<AppEnvironment, 'READING_INTERVAL'>): Promise<void> {
  const { team, interval } = memory.now;
  if (team && interval !== env.READING_INTERVAL) await startAnew(team.teamId, env);
  memory.change({ interval: env.READING_INTERVAL });
}

async function startAnew(teamId: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { temporal, cadenceMs } = loadConfig(env);
  const { queuePrefix } = temporal;
  const { client, close } = openTemporal(temporal);
  const workflows = createConnectionWorkflows(client, { queuePrefix, policy: policyFor(cadenceMs) });
  const ours = [
    `WorkflowType = "${connectionWorkflowType}"`,
    `TaskQueue = "${taskQueues(queuePrefix).sync}"`,
    `${teamIdKey.name} = "${teamId}"`,
    'ExecutionStatus = "Running"',
  ];
  try {
    for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query: ours.join(' AND ') })) {
      const userId = typedSearchAttributes.get(userIdKey);
      if (userId === undefined) continue;
      await client.workflow.getHandle(workflowId).terminate('sensors read at another interval now');
      await workflows.ensureRunning({ connectionId: workflowId.slice(connectionWorkflowIdPrefix.length), teamId, userId });
    }
  } finally {
    await close();
  }
}
