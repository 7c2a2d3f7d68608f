import type { Collection, Db, Filter } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';

/** A person as the app knows them. Instants are Unix milliseconds. */
export interface UserDoc {
  /** UUID. */
  readonly _id: string;
  readonly teamId: string;
  /** Its claim is in `user_claims`. */
  readonly clientUserId: string;
  /** IANA. */
  readonly fallbackTimeZone: string | null;
  readonly fallbackTimeZoneUpdatedAt: number | null;
  /** `yyyy-mm-dd`, like the two below. */
  readonly fallbackBirthDate: string | null;
  readonly fallbackBirthDateUpdatedAt: number | null;
  readonly ingestionStart: string | null;
  /** The last day whose readings are taken. */
  readonly ingestionEnd: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Raised by every change, so that who writes can name what they read. */
  readonly rev: number;
  readonly deletion: UserDeletion | null;
  /** When `reconcile` looks whether what was begun with this user has been finished; null: nothing was. */
  readonly settleAt: number | null;
}

/** Out of every reader's sight from `scheduledAt` on; undone until it is final; erased from `eraseAt` on. */
export interface UserDeletion {
  readonly scheduledAt: number;
  readonly eraseAt: number;
  /** The client user id is somebody else's by now, or erasing has begun: no way back. */
  readonly final: boolean;
}

/** What a change may touch. */
export type UserFields = Omit<UserDoc, '_id' | 'teamId' | 'createdAt' | 'rev' | 'deletion'>;

type UserRev = Pick<UserDoc, '_id' | 'teamId' | 'rev'>;
type UserKey = Pick<UserDoc, '_id' | 'teamId'>;

/** Newest first. */
export type UserPosition = Pick<UserDoc, 'createdAt' | '_id'>;

export const userIndexes: CollectionIndexes = {
  collection: 'users',
  indexes: [
    { name: 'team_live_newest', key: { teamId: 1, deletion: 1, createdAt: -1, _id: -1 } },
    { name: 'unsettled', key: { settleAt: 1 } },
  ],
};

/** The collection `users`. What decides about a user is one conditional update of its document (src/users, test/models/user). */
export class Users {
  private readonly docs: Collection<UserDoc>;

  constructor(db: Db) {
    this.docs = db.collection<UserDoc>(userIndexes.collection);
  }

  /** Changes nothing if it is there: only its claim says what a user is at first. */
  async insert(user: UserDoc): Promise<void> {
    await insertOnce(this.docs, user);
  }

  /** Null for a deleted one too. */
  async byId(teamId: string, userId: string): Promise<UserDoc | null> {
    return this.docs.findOne({ _id: userId, teamId, deletion: null });
  }

  /** Without the deleted, in no order. */
  async byIds(teamId: string, userIds: readonly string[]): Promise<UserDoc[]> {
    return this.docs.find({ _id: { $in: [...userIds] }, teamId, deletion: null }).toArray();
  }

  async byIdEvenDeleted(teamId: string, userId: string): Promise<UserDoc | null> {
    return this.docs.findOne({ _id: userId, teamId });
  }

  /** Newest first, without the deleted, as everything that follows. */
  async page(teamId: string, { offset, limit }: { readonly offset: number; readonly limit: number }): Promise<UserDoc[]> {
    return this.docs.find({ teamId, deletion: null }).sort({ createdAt: -1, _id: -1 }).skip(offset).limit(limit).toArray();
  }

  /** The ids of those of these who are the team's. */
  async idsAmong(teamId: string, userIds: readonly string[]): Promise<string[]> {
    const found = this.docs.find({ _id: { $in: [...userIds] }, teamId, deletion: null }, { projection: { _id: 1 } });
    return (await found.toArray()).map(({ _id }) => _id);
  }

  /** Those after `position` only. */
  async after(teamId: string, position: UserPosition | null, limit: number): Promise<UserDoc[]> {
    const older = position && {
      $or: [{ createdAt: { $lt: position.createdAt } }, { createdAt: position.createdAt, _id: { $lt: position._id } }],
    };
    return this.docs
      .find({ teamId, deletion: null, ...older })
      .sort({ createdAt: -1, _id: -1 })
      .limit(limit)
      .toArray();
  }

  async count(teamId: string): Promise<number> {
    return this.docs.countDocuments({ teamId, deletion: null });
  }

  /** Of every team, for `reconcile`: something was begun and should have been finished before `instant`. @param since for the next page */
  async unsettled(instant: number, limit: number, since = 0): Promise<UserDoc[]> {
    return this.docs
      .find({ settleAt: { $gte: since, $lt: instant } })
      .sort({ settleAt: 1 })
      .limit(limit)
      .toArray();
  }

  /** Changes a live user. @returns false if it is not as read any more */
  async change(read: UserRev, fields: Partial<UserFields>): Promise<boolean> {
    return this.move({ ...asRead(read), deletion: null }, fields);
  }

  /** Makes every change under way that has read this user fail. @returns false if it is not as read any more */
  async disturb(read: UserRev): Promise<boolean> {
    return this.move(asRead(read), {});
  }

  /** @returns false if there is no such live user */
  async scheduleDeletion({ _id, teamId }: UserKey, deletion: UserDeletion): Promise<boolean> {
    return this.move({ _id, teamId, deletion: null }, { deletion, settleAt: deletion.scheduledAt });
  }

  /** Ends the time in which this deletion can be undone. @returns false if it was undone before, or erased */
  async finalizeDeletion({ _id, teamId }: UserKey, scheduledAt: number): Promise<boolean> {
    return this.move({ _id, teamId, 'deletion.scheduledAt': scheduledAt }, { 'deletion.final': true });
  }

  /** @returns false if this deletion is final, or was undone before */
  async undoDeletion({ _id, teamId }: UserKey, scheduledAt: number): Promise<boolean> {
    return this.move({ _id, teamId, 'deletion.scheduledAt': scheduledAt, 'deletion.final': false }, { deletion: null, settleAt: null });
  }

  /** What was begun with the user as read is finished. @param settleAt when it should be looked at again */
  async settle(read: UserRev, settleAt: number | null): Promise<void> {
    await this.docs.updateOne(asRead(read), { $set: { settleAt } });
  }

  /** The end of erasing: there is nothing left to find by it. */
  async remove({ _id, teamId }: UserKey): Promise<void> {
    await this.docs.deleteOne({ _id, teamId, 'deletion.final': true });
  }

  private async move(from: Filter<UserDoc>, to: object): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(from, { ...(Object.keys(to).length > 0 && { $set: to }), $inc: { rev: 1 } });
    return matchedCount === 1;
  }
}

const asRead = ({ _id, teamId, rev }: UserRev): Filter<UserDoc> => ({ _id, teamId, rev });
