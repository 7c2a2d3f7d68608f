import { createHash } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';

/** Who has a Dexcom account in a team that gives each to one user only. It names all that tells whether the holder still has it. */
export interface AccountClaimDoc {
  /** Of team and account. */
  readonly _id: string;
  readonly teamId: string;
  readonly userId: string;
  readonly connectionId: string;
  /** The consent the account was claimed with, and its session: while that is not settled, the connection may be missing. */
  readonly consentId: string;
  readonly sessionId: string;
}

/** The account's id is Dexcom's and may be a person's everywhere, so it is hashed. */
export const accountClaimId = (teamId: string, provider: string, accountId: string): string =>
  `${teamId}:${createHash('sha256')
    .update(JSON.stringify([provider, accountId]))
    .digest('hex')}`;

export const accountClaimIndexes: CollectionIndexes = {
  collection: 'account_claims',
  indexes: [{ name: 'user', key: { teamId: 1, userId: 1 } }],
};

/** The collection `account_claims`. */
export class AccountClaims {
  private readonly docs: Collection<AccountClaimDoc>;

  constructor(db: Db) {
    this.docs = db.collection<AccountClaimDoc>(accountClaimIndexes.collection);
  }

  async read(claimId: string): Promise<AccountClaimDoc | null> {
    return this.docs.findOne({ _id: claimId });
  }

  /** @returns false if somebody has claimed it already */
  async insert(claim: AccountClaimDoc): Promise<boolean> {
    return insertOnce(this.docs, claim);
  }

  /** All of a user who is erased: not every claim has led to a connection. */
  async erase(teamId: string, userId: string): Promise<void> {
    await this.docs.deleteMany({ teamId, userId });
  }

  /** @returns false if the claim is not as read any more */
  async takeOver({ _id, teamId, consentId }: AccountClaimDoc, claim: AccountClaimDoc): Promise<boolean> {
    const { matchedCount } = await this.docs.replaceOne({ _id, teamId, consentId }, claim);
    return matchedCount === 1;
  }
}
