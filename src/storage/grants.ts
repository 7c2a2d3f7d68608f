import type { Collection, Db, Filter, UpdateFilter } from 'mongodb';
import type { GrantIssuer } from '../dexcom/registration';
import type { Sealed, SealedPlace } from '../security/keyring';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';

/** The tokens of one connection's latest consent, encrypted. `rev` rises with every store: who writes names the one it read (design §2). */
export interface GrantDoc {
  /** connectionId */
  readonly _id: string;
  readonly teamId: string;
  /** Whose tokens: a grant is written before its connection, which may never be. Absent in one from before that was kept. */
  readonly userId?: string;
  /** The app that renews it. Absent in one from before there were several: the one people consent to now. */
  readonly issuer?: GrantIssuer | undefined;
  readonly consentId: string;
  readonly consentedAt: number;
  readonly rev: number;
  readonly accessToken: Sealed;
  readonly refreshToken: Sealed;
  readonly accessTokenIssuedAt: number;
  readonly accessTokenExpiresAt: number;
  readonly intent: RefreshIntent | null;
  readonly needsReauth: { readonly reason: NeedsReauthReason; readonly at: number } | null;
  /** Its tokens are dropped: nobody reads such a grant. */
  readonly ended?: boolean | null;
}

/** Recorded before a refresh token is sent; an answer strikes it out. One still standing means an answer may have been lost. */
export interface RefreshIntent {
  /** SHA-256 of the refresh token, hex. */
  readonly tokenHash: string;
  readonly at: number;
  readonly unanswered: boolean;
  /** An earlier sending of the same token was never answered. */
  readonly earlierUnanswered: boolean;
}

export type NeedsReauthReason = 'revoked' | 'rotation_lost' | 'account_changed';

/** Where a grant's token stands, for sealing and opening. */
export const tokenPlace = (connectionId: string, field: 'accessToken' | 'refreshToken'): SealedPlace => ({
  collection: 'grants',
  id: connectionId,
  field,
});

/** All of a grant that says whether Dexcom can be asked with it. */
export type GrantUse = Pick<GrantDoc, '_id' | 'needsReauth' | 'accessTokenExpiresAt'>;

/** What names one state of a grant: whoever writes it names the one it read. */
export type GrantRev = Pick<GrantDoc, '_id' | 'teamId' | 'consentId' | 'rev'>;

/** What a rotation brings. */
export type RotatedTokens = Pick<GrantDoc, 'accessToken' | 'refreshToken' | 'accessTokenIssuedAt' | 'accessTokenExpiresAt'>;

export const grantIndexes: CollectionIndexes = {
  collection: 'grants',
  indexes: [{ name: 'user', key: { teamId: 1, userId: 1 } }],
};

/** The collection `grants`. Every change is one update of one document, filtered by what its writer read (test/models/grant). */
export class Grants {
  private readonly docs: Collection<GrantDoc>;

  constructor(db: Db) {
    this.docs = db.collection<GrantDoc>(grantIndexes.collection);
  }

  /** Null for one that has ended, too: it has no tokens. */
  async read(teamId: string, connectionId: string): Promise<GrantDoc | null> {
    return this.docs.findOne({ _id: connectionId, teamId, ended: null });
  }

  /** By connection; nothing of one that has none or has ended. */
  async usesOf(teamId: string, connectionIds: readonly string[]): Promise<ReadonlyMap<string, GrantUse>> {
    const uses = await this.docs
      .find({ _id: { $in: [...connectionIds] }, teamId, ended: null }, { projection: { needsReauth: 1, accessTokenExpiresAt: 1 } })
      .toArray();
    return new Map(uses.map((use) => [use._id, use]));
  }

  /**
   * Drops the tokens of this consent or an older one. What stays says which consent it was, so that no late repair puts its tokens back; and
   * with another `rev`, so that no refresh under way does.
   */
  async end({ _id, teamId, consentedAt }: Pick<GrantDoc, '_id' | 'teamId' | 'consentedAt'>): Promise<void> {
    await this.docs.updateOne({ _id, teamId, consentedAt: { $lte: consentedAt }, ended: null }, dropped);
  }

  /** Drops the tokens of a consent that was refused. One that was renewed since by another consent stays. */
  async endConsent({ _id, teamId, consentId }: Pick<GrantDoc, '_id' | 'teamId' | 'consentId'>): Promise<void> {
    await this.docs.updateOne({ _id, teamId, consentId, ended: null }, dropped);
  }

  /** All of a user who is erased. @param connectionIds how those are found that do not say whose they are */
  async erase(teamId: string, userId: string, connectionIds: readonly string[]): Promise<void> {
    await this.docs.deleteMany({ teamId, userId });
    await this.docs.deleteMany({ _id: { $in: [...connectionIds] }, teamId });
  }

  /**
   * Puts a consent's first tokens in place of an older consent's. Repeatable: the same consent again, or one older than the grant's, changes
   * nothing, so tokens that have been rotated since are never overwritten.
   * @returns whether the grant is of this consent now
   */
  async settle(fresh: GrantDoc): Promise<boolean> {
    const { _id, teamId, consentId, consentedAt } = fresh;
    if (await insertOnce(this.docs, fresh)) return true;
    // Two consents of one millisecond: any order will do, if it is always the same.
    const younger = { $or: [{ consentedAt: { $lt: consentedAt } }, { consentedAt, consentId: { $lt: consentId } }] };
    const { matchedCount } = await this.docs.replaceOne({ _id, teamId, ...younger }, fresh);
    return matchedCount === 1 || (await this.docs.findOne({ _id, teamId, consentId }, { projection: { _id: 1 } })) !== null;
  }

  /**
   * Says that the refresh token is about to be sent.
   * @returns false if the grant is not as read any more, or somebody else has said so since
   */
  async recordIntent(read: GrantDoc, intent: RefreshIntent): Promise<boolean> {
    const standing = read.intent ? { 'intent.at': read.intent.at, 'intent.unanswered': read.intent.unanswered } : { intent: null };
    const { matchedCount } = await this.docs.updateOne({ ...asRead(read), ...standing }, { $set: { intent } });
    return matchedCount === 1;
  }

  /** An answer has come: this sending at least was not lost. A later sending's intent is not touched. */
  async strikeIntent(read: GrantRev, { tokenHash, at }: RefreshIntent): Promise<void> {
    const filter = { ...asRead(read), 'intent.tokenHash': tokenHash, 'intent.at': at };
    await this.docs.updateOne(filter, { $set: { 'intent.unanswered': false } });
  }

  /** Stores a rotation. @returns false if the grant is not as read any more: these tokens are of no use */
  async store(read: GrantRev, tokens: RotatedTokens): Promise<boolean> {
    const { accessToken, refreshToken, accessTokenIssuedAt, accessTokenExpiresAt } = tokens;
    const { matchedCount } = await this.docs.updateOne(asRead(read), {
      $set: { accessToken, refreshToken, accessTokenIssuedAt, accessTokenExpiresAt, intent: null, needsReauth: null },
      $inc: { rev: 1 },
    });
    return matchedCount === 1;
  }

  /** How many of these connections wait for their person to link again. */
  async countNeedingReauth(teamId: string, connectionIds: readonly string[]): Promise<number> {
    return this.docs.countDocuments({ _id: { $in: [...connectionIds] }, teamId, needsReauth: { $ne: null } });
  }

  /** @returns false if the grant is not as read any more */
  async markNeedsReauth(read: GrantRev, reason: NeedsReauthReason, at: number): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(asRead(read), { $set: { needsReauth: { reason, at } } });
    return matchedCount === 1;
  }
}

const dropped: UpdateFilter<GrantDoc> = {
  $set: { ended: true, intent: null, needsReauth: null },
  $unset: { accessToken: '', refreshToken: '' },
  $inc: { rev: 1 },
};

const asRead = ({ _id, teamId, consentId, rev }: GrantRev): Filter<GrantDoc> => ({ _id, teamId, consentId, rev });
