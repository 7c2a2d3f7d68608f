import { randomUUID } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';
import type { UserDoc } from './users';

/** Makes a client user id unique in its team. It says who may have the id; whether they have it, the user's own document says (src/users). */
export interface UserClaimDoc {
  /** `<teamId>:<clientUserId>` */
  readonly _id: string;
  readonly teamId: string;
  readonly clientUserId: string;
  /** Who claims it. Whole, so that whoever meets a claim whose user was never written can write it. */
  readonly user: UserDoc;
  /** The user may have to be written still. */
  readonly pending: boolean;
  /** The deletion whose user had the id before and may come back until that is final; null once it is. */
  readonly from: { readonly userId: string; readonly scheduledAt: number } | null;
  /** Another one with every change, so that who writes can name what they read. */
  readonly nonce: string;
}

/** As it stands before it is written: its `nonce` is its own. */
export const newClaim = ({ teamId, clientUserId, user, pending, from }: Omit<UserClaimDoc, '_id' | 'nonce'>): UserClaimDoc => ({
  _id: claimId(teamId, clientUserId),
  teamId,
  clientUserId,
  user,
  pending,
  from,
  nonce: randomUUID(),
});

export const userClaimIndexes: CollectionIndexes = {
  collection: 'user_claims',
  indexes: [{ name: 'holder', key: { teamId: 1, 'user._id': 1 } }],
};

/** The collection `user_claims`. */
export class UserClaims {
  private readonly docs: Collection<UserClaimDoc>;

  constructor(db: Db) {
    this.docs = db.collection<UserClaimDoc>(userClaimIndexes.collection);
  }

  async read(teamId: string, clientUserId: string): Promise<UserClaimDoc | null> {
    return this.docs.findOne({ _id: claimId(teamId, clientUserId), teamId });
  }

  /** @returns false if somebody has the id */
  async insert(claim: UserClaimDoc): Promise<boolean> {
    return insertOnce(this.docs, claim);
  }

  /** @returns false if the claim is not as read any more */
  async replace({ _id, teamId, nonce }: UserClaimDoc, next: UserClaimDoc): Promise<boolean> {
    const { matchedCount } = await this.docs.replaceOne({ _id, teamId, nonce }, next);
    return matchedCount === 1;
  }

  /** Does nothing if the claim is not as read any more. */
  async drop({ _id, teamId, nonce }: UserClaimDoc): Promise<void> {
    await this.docs.deleteOne({ _id, teamId, nonce });
  }

  /** All that a user holds, and what says that somebody has followed them: for erasing. */
  async forget({ _id: userId, teamId, clientUserId }: Pick<UserDoc, '_id' | 'teamId' | 'clientUserId'>): Promise<void> {
    await this.docs.deleteMany({ teamId, 'user._id': userId });
    await this.docs.updateOne({ _id: claimId(teamId, clientUserId), teamId, 'from.userId': userId }, { $set: { from: null } });
  }
}

const claimId = (teamId: string, clientUserId: string): string => `${teamId}:${clientUserId}`;
