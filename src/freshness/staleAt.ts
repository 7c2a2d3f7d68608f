import type { FreshnessState } from '../storage/connectionDoc';
import type { SyncPolicy } from './policy';

/** Two hours of a real sensor: longer than a shower, a flight of stairs or most lost signals; about as long as a G6 warms up. */
const SILENCE_IN_READINGS = 24;
/** Beyond the usual return, as a share of the time between returns: a lazy morning, a receiver uploaded some days later. */
const LATE_SHARE = 1 / 4;

/**
 * When a silence becomes longer than this person's habit, Unix milliseconds. Who reads all the time is silent after two hours; who is usually
 * back after a night, or uploads every three weeks, a quarter of that after they were expected.
 * @param since nothing can have been expected before: the consent
 */
export function staleAt(state: FreshnessState, since: number, policy: SyncPolicy): number {
  return Math.ceil(habitEndsAt(state, since, policy));
}

function habitEndsAt(state: FreshnessState, since: number, { cadenceMs }: SyncPolicy): number {
  const { returnedAt, returnEveryMs = 0, returnsAlike = 0 } = state;
  const heardAt = Math.max(since, state.seenAt ?? since);
  const plainly = heardAt + SILENCE_IN_READINGS * Math.max(cadenceMs, state.cadenceMs ?? 0);
  if (returnedAt === undefined || returnEveryMs <= 0) return plainly;

  const late = returnEveryMs * LATE_SHARE;
  if (returnsAlike > 0) return Math.max(plainly, expectedAfter(heardAt, returnedAt, returnEveryMs) + late);
  // Comes back in his own time, and what came last was all of it: then the last time between two is all that is known.
  return isUpload(state) ? Math.max(plainly, heardAt + returnEveryMs + late) : plainly;
}

const expectedAfter = (heardAt: number, returnedAt: number, everyMs: number): number =>
  returnedAt + (Math.floor((heardAt - returnedAt) / everyMs) + 1) * everyMs;

/** What came last came all at once, after an absence, and nothing has since. */
const isUpload = ({ streak, returnedAt = Infinity, seenAt = 0, unseenAt }: FreshnessState): boolean =>
  streak === 0 && returnedAt <= seenAt && returnedAt >= (unseenAt ?? 0);
