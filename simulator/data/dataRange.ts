import type { Context } from 'hono';
import { DAY_MS } from '../duration';
import type { SimulatorEnv } from '../env';
import type { Person } from '../people/person';
import { type Origin, visible } from '../readings/existing';
import type { Reading } from '../readings/reading';
import type { Settings } from '../world/settings';
import { newerThan, readLastSyncTime } from './lastSyncTime';
import { userIdOf } from './recordId';
import { refuse } from './refusal';
import { timesOf } from './systemTimes';

/** GET /v3/users/self/dataRange: from the first to the last record that can be seen; null where there is none (dexcom-api.md §2.9). */
export function answerDataRange(c: Context<SimulatorEnv>) {
  const { world, origin, grant } = c.var;
  const since = readLastSyncTime(c.req.query('lastSyncTime'));
  if (since === undefined) return refuse(c, 400, 'lastSyncTime is not a time');

  return c.json({
    recordType: 'dataRange',
    recordVersion: '3.0',
    userId: userIdOf(grant.clientId, origin.person.id),
    calibrations: null,
    egvs: range(origin, world.now(), since, world.state.settings),
    events: null,
  });
}

function range(origin: Origin, asOf: number, since: number | null, settings: Settings) {
  const wanted = newerThan(since, asOf, settings);
  if (!wanted) return null;
  const within = bounds(origin.person, asOf, since ?? 0);
  const first = firstOf(origin, asOf, within, wanted);
  const last = first && lastOf(origin, asOf, within, wanted);
  if (!first || !last) return null;
  return { start: timesOf(origin.person, first.measuredAt), end: timesOf(origin.person, last.measuredAt) };
}

interface Bounds {
  readonly from: number;
  readonly to: number;
}
type Wanted = (reading: Reading) => boolean;

// Day by day from either end: the days between need not be computed.
function firstOf(origin: Origin, asOf: number, { from: start, to: end }: Bounds, wanted: Wanted): Reading | undefined {
  for (let from = start; from < end; from += DAY_MS) {
    const found = visible(origin, from, from + DAY_MS, asOf).find(wanted);
    if (found) return found;
  }
  return undefined;
}

function lastOf(origin: Origin, asOf: number, { from: start, to: end }: Bounds, wanted: Wanted): Reading | undefined {
  for (let to = end; to > start; to -= DAY_MS) {
    const found = visible(origin, to - DAY_MS, to, asOf).findLast(wanted);
    if (found) return found;
  }
  return undefined;
}

/** No wanted reading is outside, jitter and readings added by hand included. */
function bounds({ spans, corrections, delays }: Person, asOf: number, since: number): Bounds {
  const added = corrections.flatMap((correction) => (correction.kind === 'added' ? [correction.measuredAt] : []));
  const longestDelayMs = Math.max(...delays.map(({ delayMs }) => delayMs));
  // A correction can bring up what is arbitrarily old; nothing else can.
  const earliest = corrections.length > 0 ? 0 : since - longestDelayMs;
  return {
    from: Math.max(earliest, Math.min(spans[0]?.from ?? asOf, ...added)) - DAY_MS,
    to: Math.max(asOf, ...added) + DAY_MS,
  };
}
