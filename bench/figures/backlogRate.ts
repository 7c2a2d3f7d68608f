import { POSTS_IN_FLIGHT } from '../../src/webhooks/inFlight';
import { backlogPolicy } from '../../src/workflows/backlogPolicy';
import { openPostOffice } from '../../test/webhooks/postOffice';
import { collectGarbage } from '../collectGarbage';
import type { Figure } from '../figure';
import { median } from '../statistics';
import { timed } from '../stopwatch';
import { drainOnce } from '../worlds/drainOnce';
import { leaveBacklog } from '../worlds/leaveBacklog';
import { plainRate } from '../worlds/plainRate';
import { openSink } from '../worlds/sink';

const BACKLOG = 100_000;
/** Each followed by a look at the memory and a slice of plain deliveries. */
const SLICES = 10;
const PLAIN = 2_000;
const MB = 1_048_576;

/** What `drainBacklog` does with a hundred thousand messages that wait for one endpoint, beside others that are delivered as they happen. */
export const backlogRate: Figure = {
  name: 'backlogRate',

  async measure() {
    const sink = await openSink();
    const office = await openPostOffice(backlogPolicy);
    try {
      const behind = await office.addEndpoint({ url: sink.url, state: 'failing' });
      const healthy = await office.addEndpoint({ url: sink.url });
      await leaveBacklog(office.databaseName, behind, BACKLOG);
      await plainRate(office, healthy, PLAIN);
      const begin = heapUsed();

      const drained: number[] = [];
      const plain: number[] = [];
      const heaps: number[] = [];
      let left = BACKLOG;
      for (let slice = 1; slice <= SLICES; slice++) {
        let accepted = 0;
        const until = left - Math.floor((BACKLOG * (SLICES - slice)) / SLICES);
        const ms = await timed(async () => {
          while (accepted < until) accepted += await drainOnce(office, behind);
        });
        left -= accepted;
        drained.push((accepted * 1_000) / ms);
        heaps.push(heapUsed());
        plain.push(await plainRate(office, healthy, PLAIN));
      }
      return {
        measurements: [
          {
            figure: `backlog of ${BACKLOG.toLocaleString('en-US')}, messages drained per second, over delivered as they happen`,
            goal: { of: 'ratio', is: 'at least', value: 0.7 },
            measured: { value: median(drained), unit: 'per s' },
            floor: { value: median(plain), unit: 'per s' },
          },
          {
            figure: 'heap on the way, at its most, over its beginning',
            goal: { of: 'measured', is: 'at most', value: 10 },
            measured: { value: Math.max(...heaps) - begin, unit: 'MB' },
            floor: null,
          },
        ],
        notes: [
          `the drain as it is, but for its pace of ${backlogPolicy.postsPerSecond} posts a second; ${POSTS_IN_FLIGHT} posts at once, which bounds both sides: one endpoint each`,
          `in ${SLICES} slices, ${PLAIN} others between two: ${listed(drained)} drained per s, ${listed(plain)} as they happened`,
          `heap after a forced collection: ${begin.toFixed(1)} MB, then ${heaps.map((heap) => heap.toFixed(1)).join(', ')}`,
        ],
      };
    } finally {
      await office.close();
      await sink.close();
    }
  },
};

const listed = (rates: readonly number[]): string => rates.map((rate) => rate.toFixed(0)).join(', ');

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / MB;
}
