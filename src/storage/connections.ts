import type { CollectionIndexes } from './collectionIndexes';

/** What should be going on, whatever is: written before anybody is told, so that a lost signal changes nothing. */
export type DesiredState = 'running' | 'paused' | 'disconnected';

/**
 * One Dexcom account of one user. Holds all that a lost workflow needs to start afresh. Instants are Unix milliseconds.
 * `pullSeq` orders the writers: see design §2, "Crash-safe novelty".
 */
export interface ConnectionDoc {
  /** UUID derived from user, provider and Dexcom account: reconnecting the same account finds the same connection. */
  readonly _id: string;
  readonly teamId: string;
  readonly userId: string;
  readonly clientUserId: string;
  readonly provider: 'dexcom_v3';
  /** `userId` of every answer Dexcom gives for this account; another one stores nothing. */
  readonly dexcomUserId: string;
  readonly createdAt: number;
  /** First consent: what was measured before and comes with a backfill window is history, everything else is news. */
  readonly liveFrom: number;
  /** The latest consent. */
  readonly consentedAt: number;
  readonly desired: DesiredState;
  /** Raised by every pull at its start. */
  readonly pullSeq: number;
  /** Windows of pulls that have begun and not ended; left over only when one died. */
  readonly open: readonly Window[];
  readonly backfill: BackfillProgress;
  /** Live pulls have read everything before this instant. */
  readonly coveredUntil: number;
  readonly freshness: FreshnessState;
  readonly nextPollAt: number;
  readonly nextSweepAt: number;
  readonly nextDeepSweepAt: number;
  readonly lastPollAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly lastError: { readonly type: string; readonly message: string; readonly at: number } | null;
  /** Pulls in a row that failed after all their attempts. */
  readonly failures: number;
  /** Newest reading ever stored, for freshness and status. */
  readonly newestReadingAt: number | null;
  /** Readings known: added by every pull's closing update. */
  readonly readings: number;
}

/** `[from, to)`, Unix milliseconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Newest window first. Complete when `doneBackTo <= floor`. */
export interface BackfillProgress {
  /** Start of what Dexcom offers (dataRange at connect); null: Dexcom has nothing of this person yet, so there is nothing to read. */
  readonly floor: number | null;
  /** Upper end of the newest window. */
  readonly ceiling: number;
  readonly doneBackTo: number;
  readonly windowsDone: number;
  readonly windowsTotal: number;
  readonly readings: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** What a connection has taught about when its readings become visible at Dexcom. */
export interface FreshnessState {
  /** Measured time of the newest reading seen. */
  readonly newestAt: number | null;
  /** Shortest delay between measured and visible that a hit has proved possible, and the longest a miss has; null: not seen yet. */
  readonly delayMs: number | null;
  readonly missesInARow: number;
}

export const connectionIndexes: CollectionIndexes = {
  collection: 'connections',
  indexes: [
    { name: 'user', key: { teamId: 1, userId: 1 } },
    { name: 'overdue', key: { desired: 1, nextPollAt: 1 } },
  ],
};
