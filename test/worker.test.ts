import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { connectionWorkflowId } from '../src/temporal/workflowNames';
import { type Engine, startEngine } from './engine/engine';
import { eventually } from './engine/eventually';
import { programArguments } from './programs';
import { temporalAddress } from './servers';

const ROOT = join(__dirname, '..');

describe('the worker process', () => {
  let engine: Engine;
  let connection: Connection;
  let workflowId: string;

  beforeAll(async () => {
    connection = await Connection.connect({ address: temporalAddress() });
    engine = await startEngine({ interval: '3s', simulator: { historyDays: 2, delay: '1s' } });
    const userId = await engine.connect(engine.simulator.person);
    await eventually(() => expect(engine.receiver.distinct('daily.data.glucose.created').length).toBeGreaterThan(0));
    const attribute = `UserId = "${userId}" AND ExecutionStatus = "Running"`;
    workflowId = await eventually(async () => {
      for await (const { workflowId: found } of client().workflow.list({ query: attribute })) return found;
      throw new Error('not visible yet');
    });
    expect(workflowId).toContain(connectionWorkflowId(''));
  });
  afterAll(async () => {
    await engine?.stop();
    await connection?.close();
  });

  const client = () => new Client({ connection });
  const worker = () => engine.workers[0] ?? never();
  const hits = async () => (await engine.simulator.control.faults()).reduce((sum, fault) => sum + fault.hits, 0);
  const attempts = async (): Promise<number[]> => {
    const { events } = await client().workflow.getHandle(workflowId).fetchHistory();
    return (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) => (started ? [started.attempt ?? 0] : []));
  };
  const polls = async () => (await engine.simulator.control.calls({ endpoint: 'egvs' })).length;

  test('told to stop in the middle of a pull, ends it first', async () => {
    await engine.simulator.control.addFault({ kind: 'stall', stallMs: 4_000, endpoints: ['egvs'] });
    await eventually(async () => expect(await hits()).toBe(1));
    expect(await worker().stop()).toBe(0);

    const { raw } = await client().workflow.getHandle(workflowId).describe();
    expect(raw.pendingActivities ?? []).toEqual([]);
    await engine.simulator.control.clearFaults();
    worker().start();
    const before = await polls();
    await eventually(async () => expect(await polls()).toBeGreaterThan(before));
    expect(Math.max(...(await attempts()))).toBe(1);
  });

  test('told to stop while a pull outlasts its grace, hands it back to be begun anew elsewhere', async () => {
    await engine.simulator.control.addFault({ kind: 'stall', stallMs: 50_000, endpoints: ['egvs'] });
    await eventually(async () => expect(await hits()).toBe(1));
    const asked = Date.now();
    expect(await worker().stop()).toBe(0);
    expect(Date.now() - asked).toBeLessThan(30_000);

    worker().start();
    await eventually(async () => expect(await attempts()).toContain(2));
    await engine.simulator.control.clearFaults();
  });

  test.each([50, 700, 1_500, 3_000])('told to stop %i ms after its start, stops', async (afterMs) => {
    await worker().stop();
    worker().start();
    await sleep(afterMs);
    await worker().stop();
    expect(worker().isRunning).toBe(false);
    worker().start();
  });

  test('refuses to start with a wrong configuration, and names the variable', () => {
    const { status, stderr } = spawnSync(process.execPath, [...programArguments('src/worker.ts')], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, TEMPORAL_ADDRESS: 'nowhere' },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('TEMPORAL_ADDRESS');
    expect(stderr).not.toContain('    at ');
  });
});

function never(): never {
  throw new Error('missing');
}
