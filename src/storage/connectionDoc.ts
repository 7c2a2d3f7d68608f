import type { DexcomRegion } from '../dexcom/region';
import type { RecordsProgress } from '../freshness/recordsDue';

/** What should be going on, whatever is: written before anybody is told, so that a lost signal changes nothing. */
export type DesiredState = 'running' | 'paused' | 'disconnected';

/** Why a connection is `disconnected`. */
export type EndReason =
  /** Asked for, by the app or in the Temporal UI. */
  | 'request'
  /** Its user was deleted. */
  | 'deletion'
  /** Its person has consented with another Dexcom account since. */
  | 'other_account'
  /** Its person's ingestion is over: by itself, and shown as paused. */
  | 'ingestion_end';

/** Why nothing comes, as far as can be told from here. */
export type SilenceCause =
  /** Dexcom does not answer. */
  | 'dexcom_down'
  /** We cannot ask, for another reason: `last_error` says which. */
  | 'sync_failing'
  /** The last reading is from the end of a sensor's life: the next sensor warms up. */
  | 'warm_up'
  /** Dexcom answers, and has nothing newer. */
  | 'nothing_uploaded';

/** A silence that is longer than its person's habit, and is told once. Instants are Unix milliseconds. */
export interface Silence {
  /** The newest reading before it; null: there has never been one. It names the silence. */
  readonly newestAt: number | null;
  readonly noticedAt: number;
  readonly cause: SilenceCause;
}

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
  /** Where the account lives, by the latest consent; absent: from before there were several. */
  readonly region?: DexcomRegion;
  /** The app that was consented to, with `region`: account and record ids are Dexcom's for this app alone. Absent like it. */
  readonly clientId?: string;
  readonly createdAt: number;
  /** First consent: what was measured before and comes with a backfill window is history, everything else is news. */
  readonly liveFrom: number;
  /** The latest consent. */
  readonly consentedAt: number;
  readonly desired: DesiredState;
  /** When it became so; absent: never changed since the first consent, or from before it was noted. */
  readonly desiredSince?: number;
  /** Raised by every pull at its start. */
  readonly pullSeq: number;
  /** Windows of pulls that have begun and not ended; left over only when one died. */
  readonly open: readonly Window[];
  readonly backfill: BackfillProgress;
  /** Why `backfill` is read; absent: for a first consent, before there were other reasons. */
  readonly history?: HistoricalPull;
  /** Live pulls have read everything before this instant; it goes back to where an upload of a long time may begin (src/freshness/lateUpload.ts). */
  readonly coveredUntil: number;
  readonly freshness: FreshnessState;
  readonly nextPollAt: number;
  readonly nextSweepAt: number;
  readonly nextDeepSweepAt: number;
  readonly lastPollAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly lastError: { readonly type: string; readonly message: string; readonly at: number } | null;
  /** The first failure of those that `lastError` is the last of. */
  readonly errorSince?: number;
  /** When the last of those was over. */
  readonly connectedSince?: number;
  /** `provider.connection.error` was told and it works again: when that is seen, `.recovered` is told. Names what was told. */
  readonly toldError?: string | null;
  /** Silent for longer than its person's habit if nothing comes until then; null: told, or nothing to tell. */
  readonly staleAt?: number | null;
  readonly silence?: Silence | null;
  /** When the end of the consent is told of next; null: no more. */
  readonly tellExpiryAt?: number | null;
  /** Why the last try to read history failed; null or absent once a window of it has been read. Live pulls leave it alone. */
  readonly historyError?: { readonly type: string; readonly at: number } | null;
  /** Of events; absent: none have been asked for yet. */
  readonly records?: RecordsProgress;
  /** Live pulls in a row that failed after all their attempts. */
  readonly failures: number;
  /** Newest reading ever stored, for freshness and status. */
  readonly newestReadingAt: number | null;
  /** Readings known: kept by every pull for each window it has read. */
  readonly readings: number;
  /** What is taken of this person's readings and shown; a copy of what their user says. Absent: all. */
  readonly bounds?: IngestionBounds;
  /** `rev` of the user whose `clientUserId` and `bounds` these are. */
  readonly userRev?: number | null;
  /** Why it has ended; only a new consent brings it back. Absent: it has not, or from before it was noted. */
  readonly ended?: EndReason | null;
  /** It has ended, and its tokens may be there still, its workflow and the app not told: whoever meets this sees to it. */
  readonly tokensLeft?: boolean;
}

/** `[from, to)`, Unix milliseconds; null: open. */
export interface IngestionBounds {
  readonly from: number | null;
  readonly to: number | null;
}

/** What a user says of all their connections: each has a copy. */
export interface UserWord {
  readonly clientUserId: string;
  readonly bounds: IngestionBounds;
  /** `rev` of the user who says it. */
  readonly userRev: number;
}

/** A connection by one of its consents: what is done to it is not done to a younger one's. */
export type Consented = Pick<ConnectionDoc, '_id' | 'teamId' | 'consentedAt'>;

/** How much of a connection's readings is history, and how much of it has been read. */
export type Anew = Pick<ConnectionDoc, 'liveFrom' | 'coveredUntil' | 'history' | 'backfill'>;

/** `[from, to)`, Unix milliseconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** One reading of all the history: for a first consent, or because somebody asked for it. */
export interface HistoricalPull {
  /** UUID of a trigger; null: the first consent's. */
  readonly pullId: string | null;
  readonly scheduledAt: number;
  /** Start of what Dexcom offered at the first consent; null: nothing yet. */
  readonly offeredFrom: number | null;
  /** Whether what it brings is told as news is: as the team had it when the pull was scheduled. */
  readonly pushed: boolean;
}

/** Newest window first. Complete when `doneBackTo <= floor` and nothing is skipped. */
export interface BackfillProgress {
  /** Start of what Dexcom offered when the person connected, or of what the team wants of it; 30 days before if it had nothing yet. */
  readonly floor: number;
  /** Upper end of the newest window. */
  readonly ceiling: number;
  readonly doneBackTo: number;
  /** Windows above `doneBackTo` that failed and are tried again later, newest first (src/freshness/backfillWindows.ts); absent: none. */
  readonly skipped?: readonly Window[] | undefined;
  readonly windowsDone: number;
  readonly windowsTotal: number;
  readonly readings: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** What a connection has taught about when its readings become visible at Dexcom: about 250 bytes (src/freshness/schedule.ts). */
export interface FreshnessState {
  /** Measured time of the newest reading seen. */
  readonly newestAt: number | null;
  /** How long after its measurement a reading is asked for; null: none seen yet. See `Aim`, as `missedMs` and `streak`. */
  readonly delayMs: number | null;
  readonly missedMs?: number;
  readonly streak?: number;
  readonly missesInARow: number;
  /** The last look. */
  readonly lookedAt?: number;
  /** The look that first showed the newest reading … */
  readonly seenAt?: number;
  /** … and the one before, which did not; null if there was none. */
  readonly unseenAt?: number | null;
  /** Absent: as the policy says. */
  readonly cadenceMs?: number;
  /** See `Habit`. */
  readonly returnedAt?: number;
  readonly returnEveryMs?: number;
  readonly returnsAlike?: number;
  /** Its share of the app's calls is spent until then; see `spend`. */
  readonly spentUntil?: number;
  /** An upload from `since` on that live pulls have read, and read once more from `againAt` on (src/freshness/lateUpload.ts). */
  readonly late?: { readonly since: number; readonly againAt: number } | undefined;
}

/** What a pull's closing update changes, and each one it makes on its way; what is left out stays. */
export interface PullClosing {
  readonly now: number;
  /** All there are. */
  readonly readings: number;
  readonly newestReadingAt: number | null;
  readonly live?: Pick<
    ConnectionDoc,
    'coveredUntil' | 'freshness' | 'nextPollAt' | 'nextSweepAt' | 'nextDeepSweepAt' | 'staleAt' | 'silence' | 'toldError' | 'connectedSince'
  > & { readonly lastError?: null };
  readonly backfill?: BackfillProgress;
}

/** What begins with a pull: the connection as it was the instant before, `pullSeq` being the pull's own. */
export interface BegunPull {
  readonly connection: ConnectionDoc;
  readonly pullSeq: number;
}
