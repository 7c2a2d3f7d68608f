import { recordIds } from '../data/recordId';
import { timesOf } from '../data/systemTimes';
import type { DeviceProfile } from '../people/person';
import { existing, type Origin } from '../readings/existing';
import type { World } from '../world/world';
import { NEVER, servedOf } from './served';

/** The truth about one reading: that it exists, since when it can be seen, and who got it when. Instants are Unix milliseconds. */
export interface LedgerReading {
  readonly key: string;
  /** As the asked-for app knows it. */
  readonly recordId: string;
  readonly measuredAt: number;
  readonly systemTime: string;
  /** By a clock that is right. */
  readonly takenAt: number;
  readonly mgPerDl: number | null;
  readonly trend: string | null;
  readonly trendRate: number | null;
  readonly transmitterId: string;
  readonly transmitterTicks: number;
  /** Null: held back with no end in sight. May lie in the future. */
  readonly visibleAt: number | null;
  /** When its value was last changed; null: never. */
  readonly changedAt: number | null;
  /** Where another device than the person's first reports it: the record of a twin. */
  readonly device?: DeviceProfile;
  /** Times it left the house whole, over all apps. */
  readonly servedCount: number;
  readonly firstServedAt: number | null;
  readonly lastServedAt: number | null;
  readonly servedTo: readonly string[];
}

/** The ledger of one person over readings measured in `[from, to)`, oldest first. */
export function ledgerReadings(
  world: World,
  origin: Origin,
  clientId: string,
  { from, to }: { from: number; to: number },
): LedgerReading[] {
  const { person } = origin;
  const readings = existing(origin, from, to, world.now());
  const served = servedOf(world, origin, 'egvs', readings);
  const idOf = recordIds(clientId, person.id);
  return readings.map((reading, n) => ({
    ...reading,
    recordId: idOf(reading.key),
    changedAt: reading.changedAt ?? null,
    systemTime: timesOf(person, reading).systemTime,
    ...(served[n] ?? NEVER),
  }));
}
