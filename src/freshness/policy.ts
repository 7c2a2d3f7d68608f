/**
 * Every long wait of a connection in one table, given to its workflow as input: tests pass a shorter one, no clock is mocked.
 * All scale with the sensor's cadence, so that a simulated sensor of 10 s is watched like a real one of 5 min. Milliseconds.
 */
export interface SyncPolicy {
  readonly cadenceMs: number;
  /** How far each live pull reads back: a G7 delivers up to a day late (dexcom-api.md §3.4). */
  readonly overlapMs: number;
  readonly sweepMs: number;
  readonly sweepEveryMs: number;
  readonly deepSweepMs: number;
  readonly deepSweepEveryMs: number;
  readonly refreshAheadMs: number;
  /** A 401 on a token younger than this backs off instead of refreshing again. */
  readonly youngTokenMs: number;
  /** Waits after a miss; the last repeats. */
  readonly missRetryMs: readonly number[];
  readonly backoffFirstMs: number;
  readonly backoffMostMs: number;
  /** Re-reads of a refused grant before it counts as refused. */
  readonly refusedRereadMs: readonly number[];
  /** Further tries of a refused grant before `needs_reauth`. */
  readonly refusedRetryMs: readonly number[];
  readonly pollsPerRun: number;
  /** Dexcom refuses longer windows (dexcom-api.md §2.1). */
  readonly longestWindowMs: number;
}
