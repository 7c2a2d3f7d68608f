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
  /** How often events are read, beside a live pull, of who has any … */
  readonly recordsEveryMs: number;
  /** … and of who has none. */
  readonly noRecordsEveryMs: number;
  /** What an answer with events may take: the pull beside it waits no longer. */
  readonly recordsWithinMs: number;
  readonly refreshAheadMs: number;
  /** A 401 on a token younger than this backs off instead of refreshing again. */
  readonly youngTokenMs: number;
  /** Waits after looks that showed nothing new; then the next reading's turn is waited for (src/freshness/quiet.ts). */
  readonly missRetryMs: readonly number[];
  /** What a connection may have of its app's calls for readings; absent: three a reading. */
  readonly mostCallsPerHour?: number;
  readonly backoffFirstMs: number;
  readonly backoffMostMs: number;
  /** Re-reads of a refused grant before it counts as refused. */
  readonly refusedRereadMs: readonly number[];
  /** Further tries of a refused grant before `needs_reauth`. */
  readonly refusedRetryMs: readonly number[];
  readonly pollsPerRun: number;
  /** Dexcom refuses longer windows. */
  readonly longestWindowMs: number;
  /** Windows of history that one pull reads at most … */
  readonly stretchWindows: number;
  /** … and for how long at most: whoever asks for a poll meanwhile waits for it. */
  readonly stretchMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/**
 * Dexcom's limit of 30 days (dexcom-api.md §2.1), not the sensor's: it does not scale. A second less, because a query is widened to whole
 * seconds at both ends, and one of 30 days and a second would have to be asked in two.
 */
export const LONGEST_WINDOW_MS = 30 * DAY_MS - 1_000;

/** What Dexcom's sensors do. */
export const DEXCOM_CADENCE_MS = 5 * MINUTE_MS;

/** The policy for sensors that read every `cadenceMs`. The values stand as they are for a real sensor of 5 minutes. */
export function policyFor(cadenceMs: number): SyncPolicy {
  const scaled = (ms: number): number => Math.round((ms * cadenceMs) / DEXCOM_CADENCE_MS);
  return {
    cadenceMs,
    overlapMs: scaled(DAY_MS),
    sweepMs: scaled(3 * DAY_MS),
    sweepEveryMs: scaled(HOUR_MS),
    deepSweepMs: Math.min(LONGEST_WINDOW_MS, scaled(30 * DAY_MS)),
    deepSweepEveryMs: scaled(DAY_MS),
    recordsEveryMs: scaled(DAY_MS / 2),
    noRecordsEveryMs: scaled(DAY_MS),
    recordsWithinMs: 3_000,
    refreshAheadMs: scaled(5 * MINUTE_MS),
    youngTokenMs: scaled(5 * MINUTE_MS),
    missRetryMs: [15_000, 30_000, MINUTE_MS].map(scaled),
    backoffFirstMs: scaled(MINUTE_MS),
    backoffMostMs: scaled(HOUR_MS),
    refusedRereadMs: [0, 10_000, MINUTE_MS].map(scaled),
    refusedRetryMs: [2 * HOUR_MS, 4 * HOUR_MS, 8 * HOUR_MS, 16 * HOUR_MS].map(scaled),
    // Two hours of a real sensor (docs/adr/0018-twenty-four-polls-in-a-run.md).
    pollsPerRun: 24,
    longestWindowMs: LONGEST_WINDOW_MS,
    // A year.
    stretchWindows: 13,
    stretchMs: 5_000,
  };
}
