import { LONGEST_WINDOW_MS } from './policy';

const DAY_MS = 86_400_000;
/** Dexcom is asked in whole seconds: a shorter history would be no question. */
const SHORTEST_HISTORY_MS = 1_000;

/**
 * Where a historical pull begins, Unix milliseconds: at the start of what Dexcom offers, unless less of it is wanted. There is always something
 * before `until` to be looked through, so that there is an end to be told.
 */
export function historyFloor({ offeredFrom, until, daysToPull, notBefore }: HistoryLimits): number {
  const offered = offeredFrom !== null && offeredFrom < until ? offeredFrom : until - LONGEST_WINDOW_MS;
  const wanted = daysToPull === null ? offered : Math.max(offered, until - daysToPull * DAY_MS);
  return Math.min(Math.max(wanted, notBefore ?? wanted), until - SHORTEST_HISTORY_MS);
}

export interface HistoryLimits {
  /** Start of what Dexcom offers; null: nothing yet, so the last days are looked at. */
  readonly offeredFrom: number | null;
  readonly until: number;
  /** As the team wants it; null: everything. */
  readonly daysToPull: number | null;
  /** As the user's ingestion bounds want it; null: they do not say. */
  readonly notBefore: number | null;
}
