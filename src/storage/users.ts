import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { isDuplicateKey } from './duplicateKey';

/** A person as the app knows them. */
export interface UserDoc {
  /** UUID. */
  readonly _id: string;
  readonly teamId: string;
  readonly clientUserId: string;
  /** IANA. */
  readonly fallbackTimeZone: string | null;
  /** `yyyy-mm-dd`, like the two below. */
  readonly fallbackBirthDate: string | null;
  readonly ingestionStart: string | null;
  readonly ingestionEnd: string | null;
  readonly createdAt: number;
}

/**
 * Makes `client_user_id` unique in its team, `_id: <teamId>:<clientUserId>`. It carries the whole user, so that whoever meets a claim
 * whose user was never written can write it (design §3).
 */
export interface UserClaimDoc {
  readonly _id: string;
  readonly user: UserDoc;
}

/** Newest first. */
export type UserPosition = Pick<UserDoc, 'createdAt' | '_id'>;

export const userIndexes: CollectionIndexes = {
  collection: 'users',
  indexes: [{ name: 'team_newest', key: { teamId: 1, createdAt: -1, _id: -1 } }],
};

/** The collections `users` and `user_claims`. */
export class Users {
  private readonly docs: Collection<UserDoc>;
  private readonly claims: Collection<UserClaimDoc>;

  constructor(db: Db) {
    this.docs = db.collection<UserDoc>(userIndexes.collection);
    this.claims = db.collection<UserClaimDoc>('user_claims');
  }

  /** @returns the user now under this `clientUserId`: the one given, or the one that was there */
  async create(user: UserDoc): Promise<UserDoc> {
    const claim: UserClaimDoc = { _id: claimId(user.teamId, user.clientUserId), user };
    if (await ifAbsent(this.claims.insertOne(claim))) {
      await ifAbsent(this.docs.insertOne(user));
      return user;
    }
    const there = await this.byClientUserId(user.teamId, user.clientUserId);
    if (!there) throw new Error('a client user id is claimed and its claim cannot be read');
    return there;
  }

  async byId(teamId: string, userId: string): Promise<UserDoc | null> {
    return this.docs.findOne({ _id: userId, teamId });
  }

  /** Writes the user of a claim whose maker died before it did. */
  async byClientUserId(teamId: string, clientUserId: string): Promise<UserDoc | null> {
    const claim = await this.claims.findOne({ _id: claimId(teamId, clientUserId) });
    if (!claim) return null;
    const { user } = claim;
    const written = await this.byId(teamId, user._id);
    if (written) return written;
    await ifAbsent(this.docs.insertOne(user));
    return user;
  }

  /** Newest first. */
  async page(teamId: string, { offset, limit }: { readonly offset: number; readonly limit: number }): Promise<UserDoc[]> {
    return this.docs.find({ teamId }).sort({ createdAt: -1, _id: -1 }).skip(offset).limit(limit).toArray();
  }

  /** Newest first, those after `position` only. */
  async after(teamId: string, position: UserPosition | null, limit: number): Promise<UserDoc[]> {
    const older = position && {
      $or: [{ createdAt: { $lt: position.createdAt } }, { createdAt: position.createdAt, _id: { $lt: position._id } }],
    };
    return this.docs
      .find({ teamId, ...older })
      .sort({ createdAt: -1, _id: -1 })
      .limit(limit)
      .toArray();
  }

  async count(teamId: string): Promise<number> {
    return this.docs.countDocuments({ teamId });
  }
}

async function ifAbsent(insert: Promise<unknown>): Promise<boolean> {
  try {
    await insert;
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

const claimId = (teamId: string, clientUserId: string): string => `${teamId}:${clientUserId}`;
