import type { Context } from 'hono';
import { DAY_MS } from '../duration';
import type { SimulatorEnv } from '../env';
import { loggedBetween } from '../logged/loggedBetween';
import { clockReach } from '../people/deviceClock';
import type { Person } from '../people/person';
import { longestWayMs } from '../people/upload';
import { existing, type Origin } from '../readings/existing';
import type { Reading } from '../readings/reading';
import type { Settings } from '../world/settings';
import { newerThan, readLastSyncTime } from './lastSyncTime';
import { userIdOf } from './recordId';
import { refuse } from './refusal';
import { servedAsOf } from './servedAsOf';
import { type Dated, timesOf } from './systemTimes';

/** GET /v3/users/self/dataRange: from the first to the last record that can be seen; null where there is none (dexcom-api.md §2.9). */
export function answerDataRange(c: Context<SimulatorEnv>) {
  const { world, origin, grant } = c.var;
  const since = readLastSyncTime(c.req.query('lastSyncTime'));
  if (since === undefined) return refuse(c, 400, 'lastSyncTime is not a time');

  const asOf = servedAsOf(world);
  const { settings } = world.state;
  const range = (list: List) => rangeOf(origin, list, { asOf, since, settings });
  return c.json({
    recordType: 'dataRange',
    recordVersion: '3.0',
    userId: userIdOf(grant.clientId, origin.person.id, settings.region),
    calibrations: range((from, to) => loggedBetween('calibration', origin, from, to, asOf)),
    egvs: range((from, to) => existing(origin, from, to, asOf)),
    events: range((from, to) => loggedBetween('event', origin, from, to, asOf)),
  });
}

type Listed = Dated & Pick<Reading, 'visibleAt'>;
/** What exists in a window, oldest first. */
type List = (from: number, to: number) => readonly Listed[];

interface Asked {
  readonly asOf: number;
  readonly since: number | null;
  readonly settings: Settings;
}

function rangeOf(origin: Origin, list: List, { asOf, since, settings }: Asked) {
  const newer = newerThan(since, asOf, settings);
  if (!newer) return null;
  const within = bounds(origin.person, asOf, since ?? 0);
  const wanted = (listed: Listed): boolean => listed.visibleAt !== null && listed.visibleAt <= asOf && newer(listed);
  const first = firstOf(list, within, wanted);
  const last = first && lastOf(list, within, wanted);
  if (!first || !last) return null;
  return { start: timesOf(origin.person, first), end: timesOf(origin.person, last) };
}

interface Bounds {
  readonly from: number;
  readonly to: number;
}
type Wanted = (listed: Listed) => boolean;

// Day by day from either end: the days between need not be computed.
function firstOf(list: List, { from: start, to: end }: Bounds, wanted: Wanted): Listed | undefined {
  for (let from = start; from < end; from += DAY_MS) {
    const found = list(from, from + DAY_MS).find(wanted);
    if (found) return found;
  }
  return undefined;
}

function lastOf(list: List, { from: start, to: end }: Bounds, wanted: Wanted): Listed | undefined {
  for (let to = end; to > start; to -= DAY_MS) {
    const found = list(to - DAY_MS, to).findLast(wanted);
    if (found) return found;
  }
  return undefined;
}

/** No wanted record is outside, jitter and readings added by hand included. */
function bounds(person: Person, asOf: number, since: number): Bounds {
  const { spans, corrections, delays } = person;
  const added = corrections.flatMap((correction) => (correction.kind === 'added' ? [correction.measuredAt] : []));
  const longestDelayMs = Math.max(...delays.map(({ delayMs }) => delayMs));
  const { behindMs, aheadMs } = clockReach(person);
  // A correction can bring up what is arbitrarily old; nothing else can.
  const earliest = corrections.length > 0 ? 0 : since - longestDelayMs - longestWayMs(person) - behindMs;
  return {
    from: Math.max(earliest, Math.min((spans[0]?.from ?? asOf) - behindMs, ...added)) - DAY_MS,
    to: Math.max(asOf + aheadMs, ...added) + DAY_MS,
  };
}
