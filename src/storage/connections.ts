import type { Collection, Db } from 'mongodb';
import type { DexcomRegion } from '../dexcom/region';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';
import type { UserDoc } from './users';

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
  /** Where the account lives, by the latest consent; absent: from before there were several. Its grant names the app too. */
  readonly region?: DexcomRegion;
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
  /** Why `backfill` is read; absent: for a first consent, before there were other reasons. */
  readonly history?: HistoricalPull;
  /** Live pulls have read everything before this instant. */
  readonly coveredUntil: number;
  readonly freshness: FreshnessState;
  readonly nextPollAt: number;
  readonly nextSweepAt: number;
  readonly nextDeepSweepAt: number;
  readonly lastPollAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly lastError: { readonly type: string; readonly message: string; readonly at: number } | null;
  /** Why the last try to read history failed; null or absent once a window of it has been read. Live pulls leave it alone. */
  readonly historyError?: { readonly type: string; readonly at: number } | null;
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
  /** Ended by itself, its person's ingestion being over, and shown as paused: only a new consent brings it back. */
  readonly ended?: 'ingestion_end' | null;
  /** It has ended and its tokens may be there still: whoever meets this drops them. */
  readonly tokensLeft?: boolean;
}

/** `[from, to)`, Unix milliseconds; null: open. */
export interface IngestionBounds {
  readonly from: number | null;
  readonly to: number | null;
}

/** A connection by one of its consents: what is done to it is not done to a younger one's. */
export type Consented = Pick<ConnectionDoc, '_id' | 'teamId' | 'consentedAt'>;

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

/** What a connection has taught about when its readings become visible at Dexcom. */
export interface FreshnessState {
  /** Measured time of the newest reading seen. */
  readonly newestAt: number | null;
  /** Shortest delay between measured and visible that a hit has proved possible; null: not seen yet. */
  readonly delayMs: number | null;
  /** Longest delay after which a reading was still not visible, as far as is known. */
  readonly missedMs?: number;
  readonly missesInARow: number;
  /** The last look. */
  readonly lookedAt?: number;
  /** The look that first showed the newest reading … */
  readonly seenAt?: number;
  /** … and the one before, which did not; null if there was none. */
  readonly unseenAt?: number | null;
}

/** What a pull's closing update changes, and each one it makes on its way; what is left out stays. */
export interface PullClosing {
  readonly now: number;
  /** All there are. */
  readonly readings: number;
  readonly newestReadingAt: number | null;
  readonly live?: Pick<ConnectionDoc, 'coveredUntil' | 'freshness' | 'nextPollAt' | 'nextSweepAt' | 'nextDeepSweepAt'>;
  readonly backfill?: BackfillProgress;
}

/** What begins with a pull: the connection as it was the instant before, `pullSeq` being the pull's own. */
export interface BegunPull {
  readonly connection: ConnectionDoc;
  readonly pullSeq: number;
}

export const connectionIndexes: CollectionIndexes = {
  collection: 'connections',
  indexes: [
    { name: 'user', key: { teamId: 1, userId: 1 } },
    { name: 'account', key: { teamId: 1, dexcomUserId: 1 } },
    { name: 'overdue', key: { desired: 1, nextPollAt: 1 } },
    { name: 'ingestion_end', key: { desired: 1, 'bounds.to': 1 } },
    { name: 'tokens_left', key: { tokensLeft: 1 }, partialFilterExpression: { tokensLeft: true } },
  ],
};

/** The collection `connections`. */
export class Connections {
  private readonly docs: Collection<ConnectionDoc>;

  constructor(db: Db) {
    this.docs = db.collection<ConnectionDoc>('connections');
  }

  /** For those who come with an id alone: the connection's own workflow. */
  async load(connectionId: string): Promise<ConnectionDoc | null> {
    return this.docs.findOne({ _id: connectionId });
  }

  async byId(teamId: string, connectionId: string): Promise<ConnectionDoc | null> {
    return this.docs.findOne({ _id: connectionId, teamId });
  }

  /** Disconnected ones too, oldest first: their data stays. */
  async ofUser(teamId: string, userId: string): Promise<ConnectionDoc[]> {
    return this.docs.find({ teamId, userId }).sort({ createdAt: 1 }).toArray();
  }

  /** Of every user of the team who has had this account. */
  async ofAccount(teamId: string, dexcomUserId: string): Promise<ConnectionDoc[]> {
    return this.docs.find({ teamId, dexcomUserId }).toArray();
  }

  /** Of several users at once, disconnected ones too, in no order. */
  async ofUsers(teamId: string, userIds: readonly string[]): Promise<ConnectionDoc[]> {
    return this.docs.find({ teamId, userId: { $in: [...userIds] } }).toArray();
  }

  /** Should be polling and have not been since `before`, longest overdue first. @param since of the last one seen, for the next page */
  async overdue(before: number, limit: number, since = 0): Promise<ConnectionDoc[]> {
    return this.docs
      .find({ desired: 'running', nextPollAt: { $gte: since, $lt: before } })
      .sort({ nextPollAt: 1 })
      .limit(limit)
      .toArray();
  }

  /**
   * The connection a consent leads to: `fresh` if it is the first, else the one that is there, running again. Repeatable: a consent that is
   * not younger than the latest one changes nothing, so a late repair does not undo a disconnect.
   */
  async ensure(fresh: ConnectionDoc): Promise<ConnectionDoc> {
    if (await insertOnce(this.docs, fresh)) return fresh;
    const { _id, teamId, consentedAt, nextPollAt, region } = fresh;
    await this.docs.updateOne(
      { _id, teamId, consentedAt: { $lt: consentedAt } },
      {
        $set: {
          consentedAt,
          desired: 'running',
          ended: null,
          tokensLeft: false,
          nextPollAt,
          failures: 0,
          lastError: null,
          historyError: null,
          ...(region && { region }),
        },
      },
    );
    const there = await this.byId(teamId, _id);
    if (!there) throw new Error(`connection ${_id} is not where its id says`);
    return there;
  }

  /**
   * Only a new consent leaves `disconnected`: a late pause or resume does not.
   * @returns whether the connection is now as wished
   */
  async setDesired(teamId: string, connectionId: string, desired: DesiredState): Promise<boolean> {
    const from: DesiredState[] = desired === 'disconnected' ? ['running', 'paused', 'disconnected'] : ['running', 'paused'];
    const { matchedCount } = await this.docs.updateOne({ _id: connectionId, teamId, desired: { $in: from } }, { $set: wished(desired) });
    return matchedCount === 1;
  }

  /**
   * Disconnects a connection whose person has consented with another account at `consentedAt`, unless they came back to this one later.
   * Repeatable. @returns whether it is disconnected by that
   */
  async overtake(teamId: string, connectionId: string, consentedAt: number): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(
      { _id: connectionId, teamId, consentedAt: { $lt: consentedAt } },
      { $set: wished('disconnected') },
    );
    return matchedCount === 1;
  }

  /** Ends what this consent, or an older one, has begun. Repeatable. @returns false if a younger one runs it */
  async end({ _id, teamId, consentedAt }: Consented, ended: ConnectionDoc['ended'] = null): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(
      { _id, teamId, consentedAt: { $lte: consentedAt } },
      { $set: { ...wished('disconnected'), ended } },
    );
    return matchedCount === 1;
  }

  /** Ends a connection whose ingestion is over, unless its bounds are others by now. @returns whether it did */
  async endIngestion({ _id, teamId, consentedAt }: Consented, to: number): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(
      { _id, teamId, consentedAt, 'bounds.to': to, desired: { $in: ['running', 'paused'] } },
      { $set: { ...wished('disconnected'), ended: 'ingestion_end' } },
    );
    return matchedCount === 1;
  }

  /** Of every team, for `reconcile`: not ended, though nothing measured after `instant` is taken, longest ago first. */
  async pastIngestion(instant: number, limit: number): Promise<ConnectionDoc[]> {
    return this.docs
      .find({ desired: { $in: ['running', 'paused'] }, 'bounds.to': { $lt: instant } })
      .sort({ 'bounds.to': 1 })
      .limit(limit)
      .toArray();
  }

  /** Its grant has no tokens any more; says nothing about a younger consent's. */
  async tokensDropped({ _id, teamId, consentedAt }: Consented): Promise<void> {
    await this.docs.updateOne({ _id, teamId, consentedAt, desired: 'disconnected' }, { $set: { tokensLeft: false } });
  }

  /** Of every team, for `reconcile`. */
  async withTokensLeft(limit: number): Promise<ConnectionDoc[]> {
    return this.docs.find({ tokensLeft: true }).limit(limit).toArray();
  }

  /** Copies what a user says to all their connections; one that knows a later word keeps it. */
  async follow(
    { teamId, _id: userId, rev, clientUserId }: Pick<UserDoc, 'teamId' | '_id' | 'rev' | 'clientUserId'>,
    bounds: IngestionBounds,
  ): Promise<void> {
    await this.docs.updateMany(
      { teamId, userId, $or: [{ userRev: { $lt: rev } }, { userRev: null }] },
      { $set: { clientUserId, bounds, userRev: rev } },
    );
  }

  /** The end of erasing: its data is gone. */
  async remove({ _id, teamId }: Pick<ConnectionDoc, '_id' | 'teamId'>): Promise<void> {
    await this.docs.deleteOne({ _id, teamId });
  }

  /**
   * Raises `pullSeq` and adds `window` to `open`; both say from now on that this pull has begun and not ended.
   * @returns null if the connection should not be running
   */
  async beginPull(connectionId: string, window: Window): Promise<BegunPull | null> {
    const connection = await this.docs.findOneAndUpdate(
      { _id: connectionId, desired: 'running' },
      { $inc: { pullSeq: 1 }, $push: { open: window } },
      { returnDocument: 'before' },
    );
    return connection && { connection, pullSeq: connection.pullSeq + 1 };
  }

  /**
   * Has another historical pull begin, unless one has since this one's was complete. @returns whether it has
   */
  async beginHistory(
    { teamId, _id, backfill: { endedAt } }: ConnectionDoc,
    history: HistoricalPull,
    backfill: BackfillProgress,
  ): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(
      { _id, teamId, desired: { $in: ['running', 'paused'] }, 'backfill.endedAt': endedAt },
      { $set: { history, backfill, historyError: null } },
    );
    return matchedCount === 1;
  }

  /** What a pull must look at again before it writes; null if the connection is erased. */
  async latestPull({ teamId, _id }: ConnectionDoc): Promise<Pick<ConnectionDoc, 'pullSeq' | 'desired'> | null> {
    return this.docs.findOne({ _id, teamId }, { projection: { pullSeq: 1, desired: 1 } });
  }

  /** Takes a pull's own window out of `open` again: it has ended before its first write, so nobody need be fenced off because of it. */
  async withdrawPull({ connection, pullSeq }: BegunPull): Promise<void> {
    const { teamId, _id, open } = connection;
    await this.docs.updateOne({ _id, teamId, pullSeq }, { $set: { open } });
  }

  /**
   * Keeps what a pull has done so far, unless a later one has begun. All of its window stays `open`: it may still write any day of it.
   * @returns whether it did
   */
  async advancePull({ teamId, _id }: ConnectionDoc, pullSeq: number, closing: PullClosing): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne({ _id, teamId, pullSeq }, changesOf(closing));
    return matchedCount === 1;
  }

  /** Ends a pull, unless a later one has begun. @returns whether it did */
  async endPull({ teamId, _id }: ConnectionDoc, pullSeq: number, closing: PullClosing): Promise<boolean> {
    const { $set, ...changes } = changesOf(closing);
    const { matchedCount } = await this.docs.updateOne({ _id, teamId, pullSeq }, { $set: { ...$set, open: [] }, ...changes });
    return matchedCount === 1;
  }

  /** For the connection's own workflow, which knows its id alone. */
  async noteFailure(connectionId: string, noted: Pick<ConnectionDoc, 'lastError' | 'failures' | 'nextPollAt'>): Promise<void> {
    await this.docs.updateOne({ _id: connectionId }, { $set: noted });
  }

  /** For readers, like the next two, of the activity that reads history: it has begun. */
  async noteHistoryBegun(connectionId: string, now: number): Promise<void> {
    await this.docs.updateOne(
      { _id: connectionId, 'backfill.startedAt': null, 'backfill.endedAt': null },
      { $set: { 'backfill.startedAt': now } },
    );
  }

  /** An attempt of it has ended without a word: its worker is gone, or it took too long. One that said why has noted it. */
  async noteHistoryLost(connectionId: string, historyError: NonNullable<ConnectionDoc['historyError']>): Promise<void> {
    await this.docs.updateOne({ _id: connectionId, historyError: null }, { $set: { historyError } });
  }

  /** It has failed. */
  async noteHistoryError(connectionId: string, historyError: NonNullable<ConnectionDoc['historyError']>): Promise<void> {
    await this.docs.updateOne({ _id: connectionId }, { $set: { historyError } });
  }
}

const changesOf = ({ now, readings, newestReadingAt, live, backfill }: PullClosing) => ({
  $set: {
    lastSuccessAt: now,
    readings,
    // History that is read says nothing about live pulls, whose failures these are.
    ...(live && { ...live, lastPollAt: now, lastError: null, failures: 0 }),
    ...(backfill && { backfill, historyError: null }),
  },
  ...(newestReadingAt !== null && { $max: { newestReadingAt } }),
});

const wished = (desired: DesiredState) => ({ desired, ...(desired === 'disconnected' && { tokensLeft: true }) });
