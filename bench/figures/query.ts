import { type Api, createApp } from '../../src/api/app';
import { createServices } from '../../src/api/createServices';
import { policyFor } from '../../src/freshness/policy';
import { createLog } from '../../src/log';
import { dayIds } from '../../src/storage/glucoseDays';
import { createBacklogs } from '../../src/temporal/backlogs';
import { createBulkRuns } from '../../src/temporal/bulkRuns';
import { openTemporal } from '../../src/temporal/client';
import { createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { createReplayRuns } from '../../src/temporal/replayRuns';
import { createUserErasures } from '../../src/temporal/userErasures';
import { createEgress } from '../../src/webhooks/egress/egress';
import { backlogPolicy } from '../../src/workflows/backlogPolicy';
import { erasurePolicy } from '../../src/workflows/erasurePolicy';
import { replayPolicy } from '../../src/workflows/replayPolicy';
import { temporalAddress } from '../../test/servers';
import { atEnd } from '../atEnd';
import type { Figure } from '../figure';
import { median } from '../statistics';
import { timed } from '../stopwatch';
import { FORTNIGHT_DAYS, fortnight, fortnightPath } from '../worlds/fortnight';
import { bodyOf, inMemoryHttp } from '../worlds/inMemoryHttp';
import { type StoredYear, storedYear } from '../worlds/storedYear';
import { yearKey } from '../worlds/yearKey';

const WARM_UP = 30;
const ROUNDS = 150;

/** A fortnight of readings through the whole app in this process, key and all, beside the driver's find and JSON.stringify of the same objects. */
export const query: Figure = {
  name: 'query',

  async measure() {
    const year = await storedYear();
    const request = await requestFor(year);
    const answer: unknown = JSON.parse(bodyOf(await request()));
    const readings = JSON.stringify(answer).split('"record_id"').length - 1;
    const find = rawFind(year);

    const ours: number[] = [];
    const floor: number[] = [];
    const finding: number[] = [];
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      const times = [
        await timed(request),
        await timed(async () => {
          await find();
          JSON.stringify(answer);
        }),
        await timed(find),
      ] as const;
      if (round < WARM_UP) continue;
      ours.push(times[0]);
      floor.push(times[1]);
      finding.push(times[2]);
    }
    return {
      measurements: [
        {
          figure: `query of ${FORTNIGHT_DAYS} days`,
          goal: { of: 'ratio', is: 'at most', value: 1.3 },
          measured: { value: median(ours), unit: 'ms' },
          floor: { value: median(floor), unit: 'ms' },
        },
      ],
      notes: [
        `${readings} readings, medians of ${ROUNDS} interleaved rounds; of the floor the find takes ${median(finding).toFixed(1)} ms`,
        'ours finds the key and the connections too, unpacks the columns and makes every sample; the floor has its objects given',
      ],
    };
  },
};

function rawFind({ world, connection: { _id, teamId } }: StoredYear): () => Promise<unknown> {
  const days = world.database.db.collection<{ readonly _id: string; readonly teamId: string }>('glucose_days');
  const ids = dayIds(_id, fortnight());
  return () =>
    days
      .find({ _id: { $in: ids }, teamId })
      .sort({ _id: 1 })
      .toArray();
}

async function requestFor(year: StoredYear): Promise<() => Promise<readonly Buffer[]>> {
  const ask = inMemoryHttp(openApp(year.world), { 'x-vital-api-key': await yearKey() });
  return () => ask(fortnightPath(year));
}

function openApp({ database, deps }: StoredYear['world']): Api {
  const temporal = openTemporal({ address: temporalAddress(), namespace: 'default' });
  const egress = createEgress([]);
  atEnd(() => Promise.all([temporal.close(), egress.close()]));
  const queuePrefix = 'bench-';
  const services = createServices({
    db: database.db,
    log: createLog({ level: 'info', name: 'bench' }, { write: () => undefined }),
    keyring: deps.keyring,
    dexcom: deps.dexcom,
    workflows: createConnectionWorkflows(temporal.client, { queuePrefix, policy: policyFor(300_000) }),
    publicUrl: 'http://127.0.0.1',
    egress,
    backlogs: createBacklogs(temporal.client, { queuePrefix, policy: backlogPolicy }),
    erasures: createUserErasures(temporal.client, { queuePrefix, policy: erasurePolicy }),
    bulkRuns: createBulkRuns(temporal.client, { queuePrefix }),
    replayRuns: createReplayRuns(temporal.client, { queuePrefix, policy: replayPolicy }),
    feedKeptMs: 86_400_000,
    queryCacheBytes: 0,
    ready: async () => ({ mongodb: true, temporal: true }),
  });
  return createApp(services);
}
