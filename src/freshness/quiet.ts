import type { FreshnessState } from '../storage/connectionDoc';
import { aimOf, dueAt } from './arrival';
import { cadenceOf } from './cadence';
import { habitOf, habitualLookAt } from './habit';
import type { SyncPolicy } from './policy';

/** Whoever has been quiet for long is asked this rarely, in readings: an hour for a real sensor. */
const LONGEST_WAIT_IN_READINGS = 12;
/** A wait is this share of the silence so far: each doubling of a silence costs as many calls as the one before. */
const SHARE_OF_SILENCE = 1 / 6;
/** Whoever always uploads several together will not come sooner for being asked. */
const SHARE_BETWEEN_UPLOADS = 1 / 2;
/** Without any reading there is no silence to measure. */
const GROWTH_WITHOUT_READINGS = 9 / 8;

export const longestWaitMs = ({ cadenceMs }: SyncPolicy): number => LONGEST_WAIT_IN_READINGS * cadenceMs;

/**
 * The next look after one that showed nothing new; `state` counts that one. First the reading may be seconds late; then it may be lost, and the
 * next one is looked for in its turn; then somebody is away, and is looked for ever more rarely, but for when they are usually back.
 */
export function lookInVainAt(state: FreshnessState, now: number, policy: SyncPolicy): number {
  const due = dueAt(state, policy);
  const longestMs = longestWaitMs(policy);
  if (due === null) return now + Math.min(longestMs, policy.cadenceMs * GROWTH_WITHOUT_READINGS ** state.missesInARow);
  const soonest = now + (policy.missRetryMs[0] ?? policy.cadenceMs);
  const usual = Math.max(soonest, habitualLookAt(habitOf(state), now, policy));
  return Math.min(now + longestMs, usual, retryAt(state, due, now, policy));
}

function retryAt(state: FreshnessState, due: number, now: number, policy: SyncPolicy): number {
  const { cadenceMs, missRetryMs } = policy;
  const uploads = isBetweenUploads(state);
  const searchedUntil = searchEndAt(state, policy);
  if (now < searchedUntil && !uploads) return Math.max(now + cadenceMs / 20, Math.min(now + cadenceMs / 5, searchedUntil));
  const rungMs = missRetryMs[state.missesInARow - 1];
  if (rungMs !== undefined && !uploads) return now + rungMs;

  const silentMs = Math.max(0, now - (state.seenAt ?? state.newestAt ?? now));
  const waitMs = silentMs * (uploads ? SHARE_BETWEEN_UPLOADS : SHARE_OF_SILENCE);
  return turnAt(due, now + Math.max(cadenceMs / 5, Math.min(longestWaitMs(policy), waitMs)), cadenceOf(state, policy));
}

/** The last arrival was one of several readings together, as is the habit: nothing is late yet. */
const isBetweenUploads = ({ returnsAlike = 0, streak }: FreshnessState): boolean => returnsAlike > 0 && streak === 0;

function searchEndAt(state: FreshnessState, policy: SyncPolicy): number {
  const aim = aimOf(state);
  if (aim?.missedMs === undefined || state.newestAt === null) return -Infinity;
  return state.newestAt + cadenceOf(state, policy) + aim.delayMs;
}

/** The first turn of the sensor from `at` on: `due`, or some readings after it. Unix milliseconds. */
export const turnAt = (due: number, at: number, cadenceMs: number): number => due + Math.ceil((at - due) / cadenceMs) * cadenceMs;
