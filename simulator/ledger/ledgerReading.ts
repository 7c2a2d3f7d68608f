import { recordIds } from '../data/recordId';
import { timesOf } from '../data/systemTimes';
import { existing, type Origin, visible } from '../readings/existing';
import type { Reading } from '../readings/reading';
import type { World } from '../world/world';
import type { Call } from './call';

/** The truth about one reading: that it exists, since when it can be seen, and who got it when. Instants are Unix milliseconds. */
export interface LedgerReading {
  readonly key: string;
  /** As the asked-for app knows it. */
  readonly recordId: string;
  readonly measuredAt: number;
  readonly systemTime: string;
  readonly mgPerDl: number | null;
  readonly trend: string | null;
  readonly trendRate: number | null;
  readonly transmitterId: string;
  readonly transmitterTicks: number;
  /** Null: held back with no end in sight. May lie in the future. */
  readonly visibleAt: number | null;
  /** Times it left the house whole, over all apps. */
  readonly servedCount: number;
  readonly firstServedAt: number | null;
  readonly lastServedAt: number | null;
  readonly servedTo: readonly string[];
}

interface Served {
  count: number;
  firstAt: number;
  lastAt: number;
  readonly clientIds: Set<string>;
}

/**
 * The ledger of one person over readings measured in `[from, to)`, oldest first.
 * What was served is told again from the calls: a call served what was visible in its window when it was answered.
 */
export function ledgerReadings(
  world: World,
  origin: Origin,
  clientId: string,
  { from, to }: { from: number; to: number },
): LedgerReading[] {
  const { person } = origin;
  const readings = existing(origin, from, to, world.now());
  const served = servedOf(world, origin, readings);
  const idOf = recordIds(clientId, person.id);
  return readings.map(({ visibleAt, ...reading }) => {
    const { count = 0, firstAt = null, lastAt = null, clientIds = [] } = served.get(reading.key) ?? {};
    return {
      ...reading,
      recordId: idOf(reading.key),
      systemTime: timesOf(person, reading.measuredAt).systemTime,
      visibleAt,
      servedCount: count,
      firstServedAt: firstAt,
      lastServedAt: lastAt,
      servedTo: [...clientIds],
    };
  });
}

function servedOf(world: World, origin: Origin, readings: readonly Reading[]): Map<string, Served> {
  const served = new Map<string, Served>();
  for (const call of world.state.callsOfPerson.get(origin.person.id) ?? []) {
    if (!call.served || world.state.dropped.has(call.number)) continue;
    for (const { key } of inAnswer(origin, readings, call, call.served)) note(served, key, call);
  }
  return served;
}

function note(served: Map<string, Served>, key: string, { at, clientId }: Call): void {
  const entry = served.get(key) ?? { count: 0, firstAt: at, lastAt: at, clientIds: new Set() };
  entry.count++;
  entry.firstAt = Math.min(entry.firstAt, at);
  entry.lastAt = Math.max(entry.lastAt, at);
  if (clientId !== null) entry.clientIds.add(clientId);
  served.set(key, entry);
}

/** Which of the readings stood in a call's answer. */
function inAnswer(origin: Origin, readings: readonly Reading[], call: Call, window: NonNullable<Call['served']>): readonly Reading[] {
  const first = readings[0];
  const last = readings.at(-1);
  if (!first || !last) return [];
  // Corrections change what was there; as things stood at the call is then computed again.
  if (origin.person.corrections.length > 0) {
    return visible(origin, Math.max(window.from, first.measuredAt), Math.min(window.to, last.measuredAt + 1), call.at);
  }
  const start = firstFrom(readings, window.from);
  const end = firstFrom(readings, window.to);
  return readings.slice(start, end).filter(({ visibleAt }) => visibleAt !== null && visibleAt <= call.at);
}

/** The position of the first reading measured at `instant` or later. */
function firstFrom(readings: readonly Reading[], instant: number): number {
  let [low, high] = [0, readings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((readings[middle]?.measuredAt ?? 0) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
