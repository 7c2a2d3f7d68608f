import { Client, Connection } from '@temporalio/client';
import { connectionWorkflowId } from '../../src/temporal/workflowNames';
import { type Engine, startEngine } from '../../test/engine/engine';
import { eventually } from '../../test/engine/eventually';
import { temporalAddress } from '../../test/servers';

type Handle = ReturnType<Client['workflow']['getHandle']>;
export type History = Awaited<ReturnType<Handle['fetchHistory']>>;

/** Runs that have ended, as the server recorded them for the whole engine: processes, API, simulator, receiver. */
export interface LivePerson {
  readonly workflowId: string;
  readonly runs: readonly History[];
}

/** As fast as leaves a pull its time: a run is 24 pulls. */
export const LIVE_INTERVAL = '2s';
const RUNS = 2;

let lived: Promise<LivePerson> | undefined;

/** One person, connected and polled until the workflow has continued as new twice. The same for every figure of one run. */
export function livePerson(): Promise<LivePerson> {
  lived ??= live();
  return lived;
}

async function live(): Promise<LivePerson> {
  const connection = await Connection.connect({ address: temporalAddress() });
  const client = new Client({ connection });
  const engine = await startEngine({ interval: LIVE_INTERVAL, simulator: { historyDays: 1, delay: '1s' } });
  try {
    const workflowId = await connectedWorkflow(engine);
    const runIds = await endedRuns(client.workflow.getHandle(workflowId));
    const runs = await Promise.all(runIds.map((runId) => client.workflow.getHandle(workflowId, runId).fetchHistory()));
    await client.workflow.getHandle(workflowId).terminate('measured');
    return { workflowId, runs };
  } finally {
    await engine.stop();
    await connection.close();
  }
}

async function connectedWorkflow(engine: Engine): Promise<string> {
  const userId = await engine.connect(engine.simulator.person);
  const { providers } = await engine.call<{ providers: { connection_id: string }[] }>('GET', `/v2/user/providers/${userId}`);
  const [connected] = providers;
  if (!connected) throw new Error('the person is not connected');
  return connectionWorkflowId(connected.connection_id);
}

async function endedRuns(handle: Handle): Promise<readonly string[]> {
  const seen = new Set<string>();
  return eventually(
    async () => {
      seen.add((await handle.describe()).runId);
      if (seen.size <= RUNS) throw new Error(`the workflow has not continued as new ${RUNS} times`);
      return [...seen].slice(0, RUNS);
    },
    { withinMs: 300_000, everyMs: 1_000 },
  );
}
