import { randomUUID } from 'node:crypto';
import { windowsLeft } from '../../src/freshness/backfillWindows';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { type GlucoseDay, GlucoseDays } from '../../src/storage/glucoseDays';
import type { SyncDeps } from '../../src/sync/deps';
import { onlyApp } from '../../test/dexcom/dexcomClient';
import { policy, pullOnce, type SyncWorld, syncWorld } from '../../test/sync/syncWorld';
import { atEnd } from '../atEnd';
import { Stopwatch } from '../stopwatch';

export const YEAR_DAYS = 365;

/** One person's year in the database, read there by the pull protocol alone: no Temporal, no processes. */
export interface StoredYear {
  readonly world: SyncWorld;
  readonly connection: ConnectionDoc;
  readonly accessToken: string;
  /** Where its time went: `pull`, and of that `fetch`, `read days` and `write days`. */
  readonly spent: Stopwatch;
}

let opened: Promise<StoredYear> | undefined;

/** The same for every figure of one run. */
export function storedYear(): Promise<StoredYear> {
  opened ??= open();
  return opened;
}

async function open(): Promise<StoredYear> {
  const world = await syncWorld({ people: 1, historyDays: YEAR_DAYS, prerender: true });
  atEnd(() => world.close());
  const person = await world.consent(world.simulator.person);
  const { egvs } = await world.dexcom.dataRange(person.tokens.accessToken);
  if (!egvs) throw new Error('the simulated person has no history');

  const liveFrom = Date.now();
  const history = { floor: egvs.start, ceiling: liveFrom, doneBackTo: liveFrom };
  const connection = await world.connect(person, { _id: randomUUID(), liveFrom });
  await world.database.db
    .collection<ConnectionDoc>('connections')
    .updateOne({ _id: connection._id }, { $set: { 'backfill.floor': history.floor } });

  const spent = new Stopwatch();
  const deps = timedDeps(world, spent);
  for (const window of windowsLeft(history, policy.longestWindowMs))
    await spent.run('pull', () => pullOnce(deps, connection, { purpose: 'backfill', ...window }));
  return { world, connection, accessToken: person.tokens.accessToken, spent };
}

function timedDeps({ deps, database, dexcom }: SyncWorld, spent: Stopwatch): SyncDeps {
  return {
    ...deps,
    glucoseDays: new TimedDays(database.db, spent),
    dexcom: onlyApp({ ...dexcom, egvs: (...request) => spent.run('fetch', () => dexcom.egvs(...request)) }),
  };
}

class TimedDays extends GlucoseDays {
  constructor(
    db: ConstructorParameters<typeof GlucoseDays>[0],
    private readonly spent: Stopwatch,
  ) {
    super(db);
  }

  override read(...request: Parameters<GlucoseDays['read']>): ReturnType<GlucoseDays['read']> {
    return this.spent.run('read days', () => super.read(...request));
  }

  override writeEach<Day extends GlucoseDay>(days: readonly Day[]): Promise<Day[]> {
    return this.spent.run('write days', () => super.writeEach(days));
  }
}
