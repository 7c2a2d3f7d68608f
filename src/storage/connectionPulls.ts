import type { Collection, Db } from 'mongodb';
import type { BegunPull, ConnectionDoc, PullClosing, Window } from './connectionDoc';
import { connectionIndexes } from './connections';

/** What a connection's own workflow writes to the collection `connections`: its pulls, which `pullSeq` orders, and what became of them. */
export class ConnectionPulls {
  private readonly docs: Collection<ConnectionDoc>;

  constructor(db: Db) {
    this.docs = db.collection<ConnectionDoc>(connectionIndexes.collection);
  }

  /**
   * Raises `pullSeq` and adds `window` to `open`; both say from now on that this pull has begun and not ended.
   * @returns null if the connection should not be running
   */
  async begin(connectionId: string, window: Window): Promise<BegunPull | null> {
    const connection = await this.docs.findOneAndUpdate(
      { _id: connectionId, desired: 'running' },
      { $inc: { pullSeq: 1 }, $push: { open: window } },
      { returnDocument: 'before' },
    );
    return connection && { connection, pullSeq: connection.pullSeq + 1 };
  }

  /** What a pull must look at again before it writes; null if the connection is erased. */
  async latest({ teamId, _id }: ConnectionDoc): Promise<Pick<ConnectionDoc, 'pullSeq' | 'desired'> | null> {
    return this.docs.findOne({ _id, teamId }, { projection: { pullSeq: 1, desired: 1 } });
  }

  /**
   * Takes a pull's own window out of `open` again: it has ended before its first write, so nobody need be fenced off because of it.
   * @param nextPollAt Unix milliseconds; null: as it was
   */
  async withdraw({ connection, pullSeq }: BegunPull, nextPollAt: number | null = null): Promise<void> {
    const { teamId, _id, open } = connection;
    await this.docs.updateOne({ _id, teamId, pullSeq }, { $set: { open, ...(nextPollAt !== null && { nextPollAt }) } });
  }

  /**
   * Keeps what a pull has done so far, unless a later one has begun. All of its window stays `open`: it may still write any day of it.
   * @returns whether it did
   */
  async advance({ teamId, _id }: ConnectionDoc, pullSeq: number, closing: PullClosing): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne({ _id, teamId, pullSeq }, changesOf(closing));
    return matchedCount === 1;
  }

  /** Ends a pull, unless a later one has begun. @returns whether it did */
  async end({ teamId, _id }: ConnectionDoc, pullSeq: number, closing: PullClosing): Promise<boolean> {
    const { $set, ...changes } = changesOf(closing);
    const { matchedCount } = await this.docs.updateOne({ _id, teamId, pullSeq }, { $set: { ...$set, open: [] }, ...changes });
    return matchedCount === 1;
  }

  /** How far events have been read. @param before as it was read: of two who have looked at once one says so */
  async noteRecords({ _id, teamId, records: before }: ConnectionDoc, records: NonNullable<ConnectionDoc['records']>): Promise<void> {
    await this.docs.updateOne({ _id, teamId, 'records.nextAt': before?.nextAt ?? null }, { $set: { records } });
  }

  /** For the connection's own workflow, which knows its id alone. */
  async noteFailure(
    connectionId: string,
    noted: { readonly lastError: NonNullable<ConnectionDoc['lastError']> } & Pick<ConnectionDoc, 'failures' | 'nextPollAt'>,
  ): Promise<void> {
    await this.docs.updateOne({ _id: connectionId, lastError: null }, { $set: { errorSince: noted.lastError.at } });
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
    ...(live && { ...live, lastPollAt: now, failures: 0 }),
    ...(backfill && { backfill, historyError: null }),
  },
  ...(newestReadingAt !== null && { $max: { newestReadingAt } }),
});
