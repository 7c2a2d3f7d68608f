import { Client, Connection } from '@temporalio/client';
import { taskQueues } from '../../src/temporal/taskQueues';
import { connectionWorkflowId } from '../../src/temporal/workflowNames';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { providerOf } from '../engine/provider';
import { temporalAddress } from '../servers';
import { TcpProxy } from '../tcpProxy';
import { type Attempt, attemptUnderWay, hasAskedSince, wasTakenOver } from './attempts';
import { judged } from './judged';
import { type ConnectedPerson, connectEverybody, historiesEnded } from './verdict';

/** Long enough to find out who pulls, and to freeze them. */
const SLOW_ANSWER_MS = 5_000;

/** A zombie: it has asked Dexcom, sleeps past its timeout while another does its work, then wakes and goes on where it was. */
describe('a worker frozen past its timeout and woken after another took over', () => {
  let lines: readonly [TcpProxy, TcpProxy];
  let connection: Connection;
  let engine: Engine;
  let people: ConnectedPerson[];
  let workflowId: string;

  beforeAll(async () => {
    lines = [await TcpProxy.to(temporalAddress()), await TcpProxy.to(temporalAddress())];
    connection = await Connection.connect({ address: temporalAddress() });
    engine = await startEngine({
      interval: '3s',
      workers: lines.length,
      workerLines: lines.map(({ address }) => address),
      simulator: { people: 1, historyDays: 100, delay: '1s', grace: '120s' },
    });
    await slowNextAnswer();
    people = await connectEverybody(engine);
    const { connection_id: connectionId } = await providerOf(engine, people[0]?.userId ?? never());
    workflowId = connectionWorkflowId(connectionId);
  }, 120_000);
  afterAll(async () => {
    for (const worker of engine?.workers ?? []) worker.thaw();
    await engine?.stop();
    await Promise.all([connection?.close(), ...(lines ?? []).map((line) => line.cut())]);
  });

  const client = () => new Client({ connection });
  const slowNextAnswer = () =>
    engine.simulator.control.addFault({ kind: 'stall', stallMs: SLOW_ANSWER_MS, endpoints: ['egvs'], when: 'after', times: 1 });

  /** The next attempt at a pull from this queue that has asked Dexcom and waits for the answer. */
  async function waitingPull(taskQueue: string): Promise<Attempt> {
    for (;;) {
      await eventually(async () => {
        const [fault] = await engine.simulator.control.faults();
        expect(fault?.hits).toBe(1);
      });
      const attempt = await attemptUnderWay(client(), workflowId);
      await engine.simulator.control.clearFaults();
      if (attempt?.taskQueue === taskQueue) return attempt;
      await slowNextAnswer();
    }
  }

  /** A frozen machine holds no line: what Temporal hands out goes to the other. */
  async function freezeUntilReplaced(attempt: Attempt): Promise<void> {
    const frozen = engine.workers.findIndex(({ pid }) => attempt.identity.startsWith(`${pid}@`));
    const [worker, line] = [engine.workers[frozen] ?? never(), lines[frozen] ?? never()];
    worker.freeze();
    await line.cut();
    await eventually(async () => expect(await wasTakenOver(client(), attempt)).toBe(true), { withinMs: 90_000 });
    await line.mend();
    const wokenAt = Date.now();
    worker.thaw();
    // Dexcom's answer has been waiting for it: by the time it asks for work again it has gone on with its old pull.
    await eventually(async () => expect(await hasAskedSince(client(), attempt, wokenAt)).toBe(true));
  }

  test('one that reads history is replaced by the other', async () => {
    await freezeUntilReplaced(await waitingPull(taskQueues(engine.queuePrefix).backfill));
    await historiesEnded(engine, people);
  });

  test('one that polls is replaced by the other', async () => {
    await slowNextAnswer();
    await freezeUntilReplaced(await waitingPull(taskQueues(engine.queuePrefix).sync));
  });

  judged(() => ({ engine, people }));
});

function never(): never {
  throw new Error('not there');
}
