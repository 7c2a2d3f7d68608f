import type { Collection, Db, Filter } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import type { Anew, BackfillProgress, ConnectionDoc, Consented, DesiredState, EndReason, HistoricalPull, UserWord } from './connectionDoc';
import { insertOnce } from './insertOnce';
import type { UserDoc } from './users';

export const connectionIndexes: CollectionIndexes = {
  collection: 'connections',
  indexes: [
    { name: 'user', key: { teamId: 1, userId: 1 } },
    { name: 'account', key: { teamId: 1, dexcomUserId: 1 } },
    { name: 'overdue', key: { desired: 1, nextPollAt: 1 } },
    { name: 'stale', key: { desired: 1, staleAt: 1 } },
    { name: 'consent_end', key: { desired: 1, tellExpiryAt: 1 } },
    { name: 'ingestion_end', key: { desired: 1, 'bounds.to': 1 } },
    { name: 'unsettled', key: { tokensLeft: 1, _id: 1 }, partialFilterExpression: { tokensLeft: true } },
  ],
};

/** The collection `connections`: what is known of each and wished for it. Their own workflows write by `ConnectionPulls`, `reconcile` by `DueConnections`. */
export class Connections {
  private readonly docs: Collection<ConnectionDoc>;

  constructor(db: Db) {
    this.docs = db.collection<ConnectionDoc>(connectionIndexes.collection);
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

  /**
   * The connection a consent leads to: `fresh` if it is the first, else the one that is there, running again. Repeatable: a consent that is
   * not younger than the latest one changes nothing, so a late repair does not undo a disconnect.
   * @param anew what of `fresh` one that is there takes over too: where its person was connected by another app meanwhile, all before this is
   * history to it
   */
  async ensure(fresh: ConnectionDoc, anew: Anew | null = null): Promise<ConnectionDoc> {
    if (await insertOnce(this.docs, fresh)) return fresh;
    const { _id, teamId, consentedAt, nextPollAt, region, clientId } = fresh;
    await this.docs.updateOne(
      { _id, teamId, consentedAt: { $lt: consentedAt } },
      {
        $set: {
          consentedAt,
          desired: 'running',
          desiredSince: consentedAt,
          ended: null,
          toldError: null,
          tellExpiryAt: fresh.tellExpiryAt ?? null,
          tokensLeft: false,
          nextPollAt,
          failures: 0,
          lastError: null,
          historyError: null,
          ...(region && { region }),
          ...(clientId !== undefined && { clientId }),
          ...anew,
        },
        // A pull begun before does not know of it.
        ...(anew && { $inc: { pullSeq: 1 } }),
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
    const from = (['running', 'paused'] as const).filter((state) => state !== desired);
    const change = desired === 'disconnected' ? ending('request') : { desired, desiredSince: Date.now() };
    const { matchedCount } = await this.docs.updateOne({ _id: connectionId, teamId, desired: { $in: from } }, { $set: change });
    if (matchedCount === 1) return true;
    return (await this.docs.countDocuments({ _id: connectionId, teamId, desired })) === 1;
  }

  /**
   * Disconnects a connection whose person has consented with another account, unless they came back to this one later. Repeatable.
   * @param by the other account's; of two consents of one millisecond the one with the higher id is the later (src/connect/consentOrder.ts)
   * @returns whether it is disconnected by that
   */
  async overtake(teamId: string, connectionId: string, by: Pick<ConnectionDoc, '_id' | 'consentedAt'>): Promise<boolean> {
    const older = connectionId < by._id ? { $lte: by.consentedAt } : { $lt: by.consentedAt };
    return this.endWhere({ _id: connectionId, teamId, consentedAt: older }, 'other_account');
  }

  /** Ends what this consent, or an older one, has begun. Repeatable. @returns false if a younger one runs it */
  async end({ _id, teamId, consentedAt }: Consented, ended: EndReason): Promise<boolean> {
    return this.endWhere({ _id, teamId, consentedAt: { $lte: consentedAt } }, ended);
  }

  /** One that has ended already keeps its reason and time, unless it ended by itself. */
  private async endWhere(which: Filter<ConnectionDoc>, ended: EndReason): Promise<boolean> {
    const running: Filter<ConnectionDoc> = { $or: [{ desired: { $in: ['running', 'paused'] } }, { ended: 'ingestion_end' }] };
    const { matchedCount } = await this.docs.updateOne({ ...which, ...running }, { $set: ending(ended) });
    if (matchedCount === 1) return true;
    const again = await this.docs.updateOne({ ...which, desired: 'disconnected' }, { $set: { tokensLeft: true } });
    return again.matchedCount === 1;
  }

  /** Ends a connection whose ingestion is over, unless its bounds are others by now. @returns whether it did */
  async endIngestion({ _id, teamId, consentedAt }: Consented, to: number): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(
      { _id, teamId, consentedAt, 'bounds.to': to, desired: { $in: ['running', 'paused'] } },
      { $set: ending('ingestion_end') },
    );
    return matchedCount === 1;
  }

  /** Its grant has no tokens any more, and everybody has been told; says nothing about a younger consent's. */
  async tokensDropped({ _id, teamId, consentedAt }: Consented): Promise<void> {
    await this.docs.updateOne({ _id, teamId, consentedAt, desired: 'disconnected' }, { $set: { tokensLeft: false } });
  }

  /** Copies what a user says to all their connections; one that knows a later word keeps it. */
  async follow({ teamId, _id: userId }: Pick<UserDoc, 'teamId' | '_id'>, word: UserWord): Promise<void> {
    await this.docs.updateMany({ teamId, userId, ...olderThan(word) }, { $set: { ...word } });
  }

  /** The end of erasing: its data is gone. */
  async remove({ _id, teamId }: Pick<ConnectionDoc, '_id' | 'teamId'>): Promise<void> {
    await this.docs.deleteOne({ _id, teamId });
  }

  /**
   * Has another historical pull begin, unless one has since this one's was complete; of a connection that has ended with its next consent.
   * @param word of its user, what is read being due to it: copied with it, unless the connection knows a later one
   * @returns whether it has
   */
  async beginHistory(
    { teamId, _id, backfill: { endedAt } }: ConnectionDoc,
    history: HistoricalPull,
    backfill: BackfillProgress,
    word: UserWord | null = null,
  ): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(
      { _id, teamId, 'backfill.endedAt': endedAt, ...(word && olderThan(word)) },
      { $set: { history, backfill, historyError: null, ...word } },
    );
    return matchedCount === 1;
  }

  /**
   * Changes how much is to be read by a historical pull under way. A window that is being read counts as unread: who reads it is overtaken.
   * @param word as of `beginHistory`
   * @returns false if the pull is not where it was read any more, or has ended
   */
  async changeHistory(
    { teamId, _id, backfill: { doneBackTo, floor } }: ConnectionDoc,
    backfill: BackfillProgress,
    word: UserWord | null = null,
  ): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(
      { _id, teamId, 'backfill.endedAt': null, 'backfill.doneBackTo': doneBackTo, 'backfill.floor': floor, ...(word && olderThan(word)) },
      { $set: { backfill, ...word }, $inc: { pullSeq: 1 } },
    );
    return matchedCount === 1;
  }

  /** The app has been told that this consent does not work. @param toldError names what was told */
  async errorTold({ _id, teamId, consentedAt }: Consented, toldError: string): Promise<void> {
    await this.docs.updateOne({ _id, teamId, consentedAt }, { $set: { toldError } });
  }
}

const olderThan = ({ userRev }: UserWord): Filter<ConnectionDoc> => ({ $or: [{ userRev: { $lt: userRev } }, { userRev: null }] });

const ending = (ended: EndReason) => ({ desired: 'disconnected' as const, desiredSince: Date.now(), ended, tokensLeft: true });
