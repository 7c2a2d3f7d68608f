import type { Context } from 'hono';
import { DAY_MS } from '../duration';
import type { SimulatorEnv } from '../env';
import type { Person } from '../people/person';
import { type Origin, visible } from '../readings/existing';
import type { Reading } from '../readings/reading';
import type { Settings } from '../world/settings';
import { userIdOf } from './recordId';
import { refuse } from './refusal';
import { timesOf } from './systemTimes';

/** GET /v3/users/self/dataRange: from the first to the last record that can be seen; null where there is none (dexcom-api.md §2.9). */
export function answerDataRange(c: Context<SimulatorEnv>) {
  const { world, origin, grant } = c.var;
  const { clientId } = grant;
  const since = readLastSyncTime(c.req.query('lastSyncTime'));
  if (since === undefined) return refuse(c, 400, 'lastSyncTime is not a time');

  return c.json({
    recordType: 'dataRange',
    recordVersion: '3.0',
    userId: userIdOf(clientId, origin.person.id),
    calibrations: null,
    egvs: range(origin, world.now(), newerThan(since, world.state.settings)),
    events: null,
  });
}

type Wanted = (reading: Reading) => boolean;

/** The contract says "new data after that time" and not by which clock; see the switch. */
function newerThan(since: number | null, { lastSyncTime }: Settings): Wanted {
  if (since === null) return () => true;
  if (lastSyncTime === 'systemTime') return ({ measuredAt }) => measuredAt > since;
  return ({ visibleAt }) => visibleAt !== null && visibleAt > since;
}

function range(origin: Origin, asOf: number, wanted: Wanted) {
  const first = firstOf(origin, asOf, wanted);
  const last = lastOf(origin, asOf, wanted);
  if (!first || !last) return null;
  return { start: timesOf(origin.person, first.measuredAt), end: timesOf(origin.person, last.measuredAt) };
}

// Day by day from either end: the days between need not be computed.
function firstOf(origin: Origin, asOf: number, wanted: Wanted): Reading | undefined {
  const { from: start, to: end } = bounds(origin.person, asOf);
  for (let from = start; from <= end; from += DAY_MS) {
    const found = visible(origin, from, from + DAY_MS, asOf).find(wanted);
    if (found) return found;
  }
  return undefined;
}

function lastOf(origin: Origin, asOf: number, wanted: Wanted): Reading | undefined {
  const { from: start, to: end } = bounds(origin.person, asOf);
  for (let to = end; to > start; to -= DAY_MS) {
    const found = visible(origin, to - DAY_MS, to, asOf).findLast(wanted);
    if (found) return found;
  }
  return undefined;
}

/** No reading is outside: jitter and readings added by hand included. */
function bounds({ spans, corrections }: Person, asOf: number): { from: number; to: number } {
  const added = corrections.flatMap((correction) => (correction.kind === 'added' ? [correction.measuredAt] : []));
  return {
    from: Math.min(spans[0]?.from ?? asOf, ...added) - DAY_MS,
    to: Math.max(asOf, ...added) + DAY_MS,
  };
}

/** @returns null if not given, undefined if not a time; with or without an offset (§2.9) */
function readLastSyncTime(text: string | undefined): number | null | undefined {
  if (text === undefined) return null;
  const instant = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(instant) ? undefined : instant;
}
