import { type Origin, visible } from '../readings/existing';
import type { World } from '../world/world';
import type { Call, Endpoint } from './call';

/** Who got one record when. Unix milliseconds. */
export interface Served {
  servedCount: number;
  firstServedAt: number | null;
  lastServedAt: number | null;
  readonly servedTo: string[];
}

export const NEVER: Served = { servedCount: 0, firstServedAt: null, lastServedAt: null, servedTo: [] };

/** What a call can serve. */
interface Servable {
  readonly key: string;
  readonly measuredAt: number;
  readonly visibleAt: number | null;
}

/**
 * What was served is told again from the calls: a call served what was visible in its window when it was answered.
 * @param records of one person, oldest first
 * @returns by position in `records`; a gap where one was never served
 */
export function servedOf(world: World, origin: Origin, endpoint: Endpoint, records: readonly Servable[]): readonly (Served | undefined)[] {
  const served: (Served | undefined)[] = [];
  const corrected = endpoint === 'egvs' && origin.person.corrections.length > 0;
  const positions = corrected ? new Map(records.map(({ key }, n) => [key, n])) : null;
  for (const call of world.state.callsOfPerson.get(origin.person.id) ?? []) {
    if (call.endpoint !== endpoint || !call.served || world.state.dropped.has(call.number)) continue;
    const answered = positions ? asItStood(origin, records, positions, call, call.served) : stillTrue(records, call, call.served);
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

/** Nobody corrected this person: what is visible now was so from `visibleAt` on. @returns positions in `records` */
function stillTrue(records: readonly Servable[], { at }: Call, { from, to }: Answered): number[] {
  const positions: number[] = [];
  for (let n = firstFrom(records, from); n < records.length; n++) {
    const record = records[n];
    if (!record || record.measuredAt >= to) break;
    if (record.visibleAt !== null && record.visibleAt <= at) positions.push(n);
  }
  return positions;
}

/** Corrections change what was there, so what the call saw is computed again. @returns positions in `records` */
function asItStood(
  origin: Origin,
  records: readonly Servable[],
  positions: ReadonlyMap<string, number>,
  { at }: Call,
  { from, to }: Answered,
): number[] {
  const earliest = records[0]?.measuredAt ?? to;
  const latest = records.at(-1)?.measuredAt ?? from;
  return visible(origin, Math.max(from, earliest), Math.min(to, latest + 1), at).flatMap(({ key }) => positions.get(key) ?? []);
}

/** The position of the first record measured at `instant` or later. */
function firstFrom(records: readonly Servable[], instant: number): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.measuredAt ?? 0) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
