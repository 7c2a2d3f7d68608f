import { newConnection } from '../../src/connect/newConnection';
import type { SyncPolicy } from '../../src/freshness/policy';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import type { Person, SyncWorld } from './syncWorld';
import { policy, pullOnce } from './syncWorld';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Halfway to the next one: any nearer and the two would be one measurement, told by two devices. */
const LATE_MS = 150_000;

/** So long that the first and the last of three have no day in common, nor beside them. */
const STRETCH_WINDOW_MS = 30 * HOUR_MS;
/** Time enough for all of a stretch, however busy the machine is. */
const stretchPolicy: SyncPolicy = { ...policy, longestWindowMs: STRETCH_WINDOW_MS, stretchMs: 10 * 60_000 };

/** What a pull is about to do when something happens to it. */
export interface Story {
  readonly connection: ConnectionDoc;
  readonly window: { readonly purpose: 'live' | 'backfill'; readonly from: number; readonly to: number; readonly policy?: SyncPolicy };
}

/** A connection whose history is done and that consented `hours` ago; all since then is news. */
export async function untoldNews(world: SyncWorld, person: Person, hours: number): Promise<Story> {
  const now = Date.now();
  const liveFrom = now - hours * HOUR_MS;
  const connection = await world.connect(person, {
    liveFrom,
    consentedAt: liveFrom,
    coveredUntil: liveFrom,
    backfill: { ...newConnectionAt(liveFrom).backfill, doneBackTo: liveFrom - 30 * DAY_MS, endedAt: liveFrom, windowsDone: 1 },
  });
  return { connection, window: { purpose: 'live', from: liveFrom, to: now } };
}

/** The same, pulled once; then one reading gets another value and one more is taken, so that the next pull creates one and updates one. */
export async function toldAndCorrected(world: SyncWorld, person: Person, hours: number): Promise<Story> {
  const { connection, window } = await untoldNews(world, person, hours);
  await pullOnce(world.deps, connection, window);
  await correct(world, person, window.from);
  return { connection, window: { ...window, to: Date.now() } };
}

/** One value changes, and one reading more lies behind it: each time another one, oldest first. */
export async function correct({ simulator }: SyncWorld, person: Person, from: number): Promise<void> {
  const { control } = simulator;
  const readings = await control.readings(person.id, { from });
  const late = new Set(readings.filter(({ key }) => key.startsWith('added')).map(({ measuredAt }) => measuredAt - LATE_MS));
  const revised = readings.find(({ key, measuredAt }) => key.startsWith('slot') && !late.has(measuredAt));
  if (!revised) throw new Error('there is nothing left to correct');
  await control.reviseReading(person.id, revised.key, 40 + (((revised.mgPerDl ?? 100) + 7) % 300));
  await control.addReading(person.id, { measuredAt: revised.measuredAt + LATE_MS, mgPerDl: 111 });
}

/** One reading more, between the first two of those measured since `from`. */
export async function addLate({ simulator }: SyncWorld, person: Person, from: number, mgPerDl: number): Promise<void> {
  const [first] = await simulator.control.readings(person.id, { from });
  if (!first) throw new Error('nobody has measured anything');
  await simulator.control.addReading(person.id, { measuredAt: first.measuredAt + LATE_MS, mgPerDl });
}

/** A connection of this moment, all of whose readings are history. */
export async function unreadHistory(world: SyncWorld, person: Person, hours: number): Promise<Story> {
  const now = Date.now();
  const floor = now - hours * HOUR_MS;
  const connection = await world.connect(person, { ...backfillFrom(now, floor), liveFrom: now, consentedAt: now, coveredUntil: now });
  return { connection, window: { purpose: 'backfill', from: floor, to: now } };
}

/** The same, in three windows that one pull reads. */
export async function unreadStretch(world: SyncWorld, person: Person): Promise<Story> {
  const { connection, window } = await unreadHistory(world, person, (3 * STRETCH_WINDOW_MS) / HOUR_MS);
  return { connection, window: { ...window, policy: stretchPolicy } };
}

const backfillFrom = (ceiling: number, floor: number) => ({ backfill: { ...newConnectionAt(ceiling).backfill, floor, windowsTotal: 1 } });

const newConnectionAt = (consentedAt: number): ConnectionDoc =>
  newConnection({ _id: '', teamId: '', userId: '', clientUserId: '', dexcomUserId: '', consentedAt, offeredFrom: null });
