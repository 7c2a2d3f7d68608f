import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';

/** What a key may do (docs/security.md). `management` keys belong to the organisation and open its management routes. */
export const scopes = [
  'users:read',
  'users:write',
  'glucose:read',
  'link:write',
  'webhooks:read',
  'webhooks:write',
  'events:read',
  'connections:transfer',
  'management',
] as const;

export type Scope = (typeof scopes)[number];
export type TeamScope = Exclude<Scope, 'management'>;

export const teamScopes: readonly TeamScope[] = scopes.filter((scope) => scope !== 'management');

/** Dexcom's tokens leave the engine by it, so no key has it that was not asked to. */
export const usualTeamScopes: readonly TeamScope[] = teamScopes.filter((scope) => scope !== 'connections:transfer');

/** `org_admin` opens everything of the organisation, `team_admin` the teams it is bound to (vital-api.md §1.3). */
export const managementRoles = ['org_admin', 'team_admin'] as const;

export type ManagementRole = (typeof managementRoles)[number];

/** Only the hash is kept; the key itself is shown once, when it is made. */
export interface ApiKeyDoc {
  /** SHA-256 of the key, hex. */
  readonly _id: string;
  readonly keyId: string;
  readonly orgId: string;
  /** Null for a management key. */
  readonly teamId: string | null;
  /** Of a management key; null for a team's. */
  readonly role: ManagementRole | null;
  /** The teams of a `team_admin`. */
  readonly boundTeamIds: readonly string[];
  readonly label: string;
  /** The last four characters, to tell keys apart in a list. */
  readonly lastFour: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
}

/** Oldest first. Not the hash: a position leaves the engine. */
export type ApiKeyPosition = Pick<ApiKeyDoc, 'createdAt' | 'keyId'>;

export type ManagementKeyChange = Partial<Pick<ApiKeyDoc, 'label' | 'role' | 'boundTeamIds'>>;

/** Whose keys in an organisation: of some teams, of all of them, or its own (management keys). */
export interface ApiKeyOwners {
  readonly orgId: string;
  readonly of: readonly string[] | 'every team' | 'the organisation';
}

export const apiKeyIndexes: CollectionIndexes = {
  collection: 'api_keys',
  indexes: [
    { name: 'team', key: { orgId: 1, teamId: 1, createdAt: 1 } },
    { name: 'key_id', key: { keyId: 1 } },
  ],
};

/** As it may lie in the database: written by an older release, whose management keys opened everything. */
type StoredKey = Omit<ApiKeyDoc, 'role' | 'boundTeamIds'> & Partial<ApiKeyDoc>;

/** The collection `api_keys`. */
export class ApiKeys {
  private readonly docs: Collection<StoredKey>;

  constructor(db: Db) {
    this.docs = db.collection<StoredKey>(apiKeyIndexes.collection);
  }

  async insert(key: ApiKeyDoc): Promise<void> {
    await this.docs.insertOne(key);
  }

  /** Expired ones too: whoever asks looks at `expiresAt`. */
  async byHash(hash: string): Promise<ApiKeyDoc | null> {
    const stored = await this.docs.findOne({ _id: hash });
    return stored && whole(stored);
  }

  /** Notes a use, unless a later one is noted. */
  async markUsed(hash: string, at: number): Promise<void> {
    await this.docs.updateOne({ _id: hash }, { $max: { lastUsedAt: at } });
  }

  /** Oldest first, those after `position` only. */
  async page(owners: ApiKeyOwners, position: ApiKeyPosition | null, limit: number): Promise<ApiKeyDoc[]> {
    const later = position && {
      $or: [{ createdAt: { $gt: position.createdAt } }, { createdAt: position.createdAt, keyId: { $gt: position.keyId } }],
    };
    const found = this.docs
      .find({ ...ownedBy(owners), ...later })
      .sort({ createdAt: 1, keyId: 1 })
      .limit(limit);
    return (await found.toArray()).map(whole);
  }

  async byKeyId(owners: ApiKeyOwners, keyId: string): Promise<ApiKeyDoc | null> {
    const stored = await this.docs.findOne({ keyId, ...ownedBy(owners) });
    return stored && whole(stored);
  }

  /** @returns the management key as changed, null if it is not there */
  async changeManagementKey(orgId: string, keyId: string, change: ManagementKeyChange): Promise<ApiKeyDoc | null> {
    await this.docs.updateOne({ keyId, orgId, teamId: null }, { $set: change });
    return this.byKeyId({ orgId, of: 'the organisation' }, keyId);
  }

  /** @param owners whose key it must be; null: anybody's, for the operator's command line. @returns whether there was such a key */
  async revoke(owners: ApiKeyOwners | null, keyId: string): Promise<boolean> {
    const { deletedCount } = await this.docs.deleteOne({ keyId, ...(owners && ownedBy(owners)) });
    return deletedCount === 1;
  }

  async revokeAllOf(orgId: string, teamId: string): Promise<void> {
    await this.docs.deleteMany({ orgId, teamId });
  }
}

/** Every team's id sorts after the empty text; null is no text. */
const ownedBy = ({ orgId, of }: ApiKeyOwners) => {
  if (of === 'the organisation') return { orgId, teamId: null };
  return { orgId, teamId: of === 'every team' ? { $gt: '' } : { $in: [...of] } };
};

const whole = (stored: StoredKey): ApiKeyDoc => ({ role: stored.teamId === null ? 'org_admin' : null, boundTeamIds: [], ...stored });
