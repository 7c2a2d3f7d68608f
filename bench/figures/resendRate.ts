import type { MessageDoc } from '../../src/storage/messages';
import { beginReplay } from '../../src/webhooks/replay/beginReplay';
import { replayPart } from '../../src/webhooks/replay/replayPart';
import { backlogPolicy } from '../../src/workflows/backlogPolicy';
import { replayPolicy } from '../../src/workflows/replayPolicy';
import { openPostOffice } from '../../test/webhooks/postOffice';
import type { Figure } from '../figure';
import { median } from '../statistics';
import { timed } from '../stopwatch';
import { drainOnce } from '../worlds/drainOnce';
import { leaveBacklog } from '../worlds/leaveBacklog';
import { plainRate } from '../worlds/plainRate';
import { openSink } from '../worlds/sink';

/** The team's log, all of it taken before … */
const LOG = 20_000;
/** … of which so many are sent again in each round, and as many others delivered as they happen. */
const AGAIN = 1_000;
const ROUNDS = 5;

/** What a replay's workflow and its endpoint's do with events that were taken before, one after the other, beside others that are delivered as they happen. */
export const resendRate: Figure = {
  name: 'resendRate',

  async measure() {
    const sink = await openSink();
    const office = await openPostOffice(backlogPolicy);
    try {
      const endpoint = await office.addEndpoint({ url: sink.url });
      const healthy = await office.addEndpoint({ url: sink.url });
      await leaveBacklog(office.databaseName, endpoint, LOG, taken);
      const oldest = (await office.messages.behind(endpoint.teamId, { createdAt: 0, _id: '' }, 1))[0]?.createdAt ?? 0;
      await plainRate(office, healthy, AGAIN);

      const again: number[] = [];
      const plain: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const from = oldest + round * AGAIN;
        const wish = { kind: 'replay', userId: null, types: null, from, to: from + AGAIN - 1 } as const;
        const replay = await beginReplay({ ...office, replayRuns: byHand }, endpoint, wish, null);
        const operation = { teamId: office.teamId, operationId: replay._id };
        let sent = 0;
        const ms = await timed(async () => {
          for (;;) {
            const { kind, queuedNow } = await replayPart(office, operation, replayPolicy);
            for (let left = queuedNow; left > 0; ) left -= await drainOnce(office, endpoint);
            sent += queuedNow;
            if (kind === 'over') return;
          }
        });
        if (sent !== AGAIN) throw new Error(`${sent} were sent again instead of ${AGAIN}`);
        again.push((sent * 1_000) / ms);
        plain.push(await plainRate(office, healthy, AGAIN));
      }
      return {
        measurements: [
          {
            figure: 'events sent again per second, over delivered as they happen',
            goal: { of: 'measured', is: 'at least', value: backlogPolicy.postsPerSecond },
            measured: { value: median(again), unit: 'per s' },
            floor: { value: median(plain), unit: 'per s' },
          },
        ],
        notes: [
          `${ROUNDS} rounds of ${AGAIN} of a log of ${LOG.toLocaleString('en-US')}: ${listed(again)} again, ${listed(plain)} as they happened`,
          `without the pace of ${backlogPolicy.postsPerSecond} posts a second that it is held to, and without the workflows: making ${replayPolicy.mostWaiting} pending and posting them take turns, one post at a time; as they happen there are 8 at once`,
        ],
      };
    } finally {
      await office.close();
      await sink.close();
    }
  },
};

const listed = (rates: readonly number[]): string => rates.map((rate) => rate.toFixed(0)).join(', ');

const taken = ({ createdAt: at }: MessageDoc) => ({
  ...({ state: 'accepted', attempts: 1, lastStatus: 204, lastLatencyMs: 5, lastAttemptAt: at, acceptedAt: at } as const),
});

/** Nobody's: its parts are done here. */
const byHand = { ensureRunning: async () => undefined, isRunning: async () => true };
