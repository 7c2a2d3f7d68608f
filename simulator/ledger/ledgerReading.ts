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
  return readings.map((reading, n) => ({
    ...reading,
    recordId: idOf(reading.key),
    systemTime: timesOf(person, reading.measuredAt).systemTime,
    ...(served[n] ?? NEVER),
  }));
}

interface Served {
  servedCount: number;
  firstServedAt: number | null;
  lastServedAt: number | null;
  readonly servedTo: string[];
}

const NEVER: Served = { servedCount: 0, firstServedAt: null, lastServedAt: null, servedTo: [] };

/** @returns by position in `readings`; a gap where one was never served */
function servedOf(world: World, origin: Origin, readings: readonly Reading[]): readonly (Served | undefined)[] {
  const served: (Served | undefined)[] = [];
  const positions = origin.person.corrections.length > 0 ? new Map(readings.map(({ key }, n) => [key, n])) : null;
  for (const call of world.state.callsOfPerson.get(origin.person.id) ?? []) {
    if (!call.served || world.state.dropped.has(call.number)) continue;
    const answered = positions ? asItStood(origin, readings, positions, call, call.served) : stillTrue(readings, call, call.served);
    for (const n of answered) served[n] = oneMore(served[n], call);
  }
  return served;
}

function oneMore(before: Served | undefined, { at, clientId }: Call): Served {
  const served = before ?? { servedCount: 0, firstServedAt: at, lastServedAt: at, servedTo: [] };
  served.servedCount++;
  served.firstServedAt = Math.min(served.firstServedAt ?? at, at);
  served.lastServedAt = Math.max(served.lastServedAt ?? at, at);
  if (clientId !== null && !served.servedTo.includes(clientId)) served.servedTo.push(clientId);
  return served;
}

type Answered = NonNullable<Call['served']>;

/** Nobody corrected this person: what is visible now was so from `visibleAt` on. @returns positions in `readings` */
function stillTrue(readings: readonly Reading[], { at }: Call, { from, to }: Answered): number[] {
  const positions: number[] = [];
  for (let n = firstFrom(readings, from); n < readings.length; n++) {
    const reading = readings[n];
    if (!reading || reading.measuredAt >= to) break;
    if (reading.visibleAt !== null && reading.visibleAt <= at) positions.push(n);
  }
  return positions;
}

/** Corrections change what was there, so what the call saw is computed again. @returns positions in `readings` */
function asItStood(
  origin: Origin,
  readings: readonly Reading[],
  positions: ReadonlyMap<string, number>,
  { at }: Call,
  { from, to }: Answered,
): number[] {
  const earliest = readings[0]?.measuredAt ?? to;
  const latest = readings.at(-1)?.measuredAt ?? from;
  return visible(origin, Math.max(from, earliest), Math.min(to, latest + 1), at).flatMap(({ key }) => positions.get(key) ?? []);
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
