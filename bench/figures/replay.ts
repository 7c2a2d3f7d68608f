import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { temporalAddress } from '../../test/servers';
import type { Figure } from '../figure';
import { median } from '../statistics';
import { benchBundle } from '../worlds/benchBundle';
import { type History, livePerson } from '../worlds/livePerson';
import { eventsOf, replayed } from '../worlds/replayed';

const COPIES = 30;
const ROUNDS = 7;

/** What a worker that has just started spends on a connection it does not know, beside a workflow that does nothing. */
export const replay: Figure = {
  name: 'replay',

  async measure() {
    const { runs, workflowId } = await livePerson();
    const [longest] = runs.toSorted((a, b) => eventsOf(b) - eventsOf(a));
    if (!longest) throw new Error('no run has ended');
    const nothing = await emptyHistory();

    const ours: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const times = [await replayed(longest, workflowId, COPIES), await replayed(nothing, 'empty', COPIES)] as const;
      // The first one warms up.
      if (round === 0) continue;
      ours.push(times[0]);
      floor.push(times[1]);
    }
    const perEvent = (median(ours) - median(floor)) / eventsOf(longest);
    return {
      measurements: [
        {
          figure: 'replay of the longest run per event, over an empty workflow’s',
          goal: { of: 'measured', is: 'at most', value: 1 },
          measured: { value: perEvent, unit: 'ms' },
          floor: null,
        },
      ],
      notes: [
        `a run of ${eventsOf(longest)} events replays in ${median(ours).toFixed(1)} ms, the empty workflow's ${eventsOf(nothing)} in ${median(floor).toFixed(1)} ms; ` +
          `medians of ${ROUNDS} interleaved rounds of ${COPIES} replays each, the worker's start included in both`,
      ],
    };
  },
};

/** As the real server records a workflow that ends at once. */
async function emptyHistory(): Promise<History> {
  const taskQueue = `bench-${randomUUID()}`;
  const native = await NativeConnection.connect({ address: temporalAddress() });
  const connection = await Connection.connect({ address: temporalAddress() });
  const worker = await Worker.create({ connection: native, taskQueue, workflowBundle: await benchBundle() });
  try {
    return await worker.runUntil(async () => {
      const handle = await new Client({ connection }).workflow.start('empty', { taskQueue, workflowId: taskQueue });
      await handle.result();
      return handle.fetchHistory();
    });
  } finally {
    await Promise.all([native.close(), connection.close()]);
  }
}
