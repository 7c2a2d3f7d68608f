import type { BackfillWindows } from '../freshness/backfillWindows';
import type { SyncPolicy } from '../freshness/policy';
import type { Life } from '../life/lifeOf';
import type { DesiredState } from '../storage/connectionDoc';
import type { NeedsReauthReason } from '../storage/grants';

/** What a connection's workflow is started with. */
export interface SyncInput {
  readonly connectionId: string;
  readonly policy: SyncPolicy;
  /** Where history is read, so that it cannot crowd out live pulls. */
  readonly backfillQueue: string;
  /** From the run before; what storage knows better is read again. */
  readonly state?: SyncState;
}

/** All that a connection's workflow knows: deadlines and progress, well under 1 KB, nothing personal. Instants are Unix milliseconds. */
export interface SyncState {
  /** Null until the connection has been read. */
  readonly desired: 'running' | 'paused' | null;
  /** The connection is read before anything else is done: at the start of a run, and when somebody says it has changed. */
  readonly stale: boolean;
  /** Wished from the Temporal UI and not yet written; everybody else writes it before telling. */
  readonly wished: DesiredState | null;
  /** Somebody asked for a poll that the last run did not begin. */
  readonly wantsRefresh: boolean;
  readonly storage: Trouble;
  readonly token: TokenState;
  readonly live: LiveState;
  readonly backfill: BackfillWindows | null;
  /** Windows that fail, each with its own next try; few, so that an outage is not tried in every window. */
  readonly troubled: readonly TroubledWindow[];
  /** Nothing of the history is read before: Dexcom asked us to wait. */
  readonly backfillHeldUntil: number;
  readonly stepsThisRun: number;
  /** Since when it is in which state of its life (src/life/lifeOf.ts); absent until it has been read. */
  readonly life?: Pick<Life, 'state' | 'reason' | 'since'>;
}

/** Why the next try waits though nothing has failed: the app's calls are spent, or Dexcom has answered 429. Absent like null: it does not. */
export type PutOff = 'BudgetSpent' | 'RateLimited';

/** Failures in a row, each after all the attempts of an activity, and when to try again. */
export interface Trouble {
  readonly failures: number;
  readonly nextTryAt: number;
  /** Type of the last one. */
  readonly error: string | null;
}

export interface TroubledWindow extends Trouble {
  /** Names the window. */
  readonly to: number;
}

export interface TokenState extends Trouble {
  readonly expiresAt: number;
  readonly refreshAt: number;
  readonly refreshedAt: number | null;
  /** `expiresAt` of an access token that Dexcom refused before its time. */
  readonly refused: number | null;
  /** `invalid_grant` in a row. */
  readonly refusals: number;
  readonly needsReauth: NeedsReauthReason | null;
  readonly putOff?: PutOff | null;
}

export interface LiveState {
  readonly liveFrom: number;
  readonly coveredUntil: number;
  readonly nextPollAt: number;
  readonly nextSweepAt: number;
  readonly nextDeepSweepAt: number;
  readonly failures: number;
  readonly error: string | null;
  readonly lastPollAt: number | null;
  readonly putOff?: PutOff | null;
}

export const untroubled: Trouble = { failures: 0, nextTryAt: 0, error: null };

/** Before anything has been read. */
export const newState: SyncState = {
  desired: null,
  stale: true,
  wished: null,
  wantsRefresh: false,
  storage: untroubled,
  token: { ...untroubled, expiresAt: 0, refreshAt: 0, refreshedAt: null, refused: null, refusals: 0, needsReauth: null },
  live: {
    liveFrom: 0,
    coveredUntil: 0,
    nextPollAt: 0,
    nextSweepAt: 0,
    nextDeepSweepAt: 0,
    failures: 0,
    error: null,
    lastPollAt: null,
  },
  backfill: null,
  troubled: [],
  backfillHeldUntil: 0,
  stepsThisRun: 0,
};
