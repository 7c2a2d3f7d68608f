import { recordIds } from '../data/recordId';
import { timesOf } from '../data/systemTimes';
import type { Logged, LoggedType } from '../logged/logged';
import { loggedBetween } from '../logged/loggedBetween';
import type { Origin } from '../readings/existing';
import type { World } from '../world/world';
import type { Endpoint } from './call';
import { NEVER, type Served, servedOf } from './served';

/** The truth about an event, a calibration or an alert. Instants are Unix milliseconds. */
export type LedgerRecord = Logged & Readonly<Served> & { readonly recordId: string; readonly systemTime: string };

const ENDPOINT = { event: 'events', calibration: 'calibrations', alert: 'alerts' } as const satisfies Record<LoggedType, Endpoint>;

/** The ledger of one person over records of one type with `from <= measuredAt < to`, oldest first. */
export function ledgerRecords(
  world: World,
  origin: Origin,
  clientId: string,
  { type, from, to }: { type: LoggedType; from: number; to: number },
): LedgerRecord[] {
  const records = loggedBetween(type, origin, from, to, world.now());
  const served = servedOf(world, origin, ENDPOINT[type], records);
  const idOf = recordIds(clientId, origin.person.id);
  return records.map((record, n) => ({
    ...record,
    recordId: idOf(record.key),
    systemTime: timesOf(origin.person, record).systemTime,
    ...(served[n] ?? NEVER),
  }));
}
