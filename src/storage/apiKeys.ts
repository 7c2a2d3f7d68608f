import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';

/** What a key may do. `management` keys belong to the organisation and open its teams' management routes. */
export const scopes = ['users:read', 'users:write', 'glucose:read', 'link:write', 'webhooks:read', 'webhooks:write', 'management'] as const;

export type Scope = (typeof scopes)[number];

/** Only the hash is kept; the key itself is shown once, when it is made. */
export interface ApiKeyDoc {
  /** SHA-256 of the key, hex. */
  readonly _id: string;
  readonly keyId: string;
  readonly orgId: string;
  /** Null for a management key. */
  readonly teamId: string | null;
  readonly label: string;
  /** The last four characters, to tell keys apart in a list. */
  readonly lastFour: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
}

export const apiKeyIndexes: CollectionIndexes = {
  collection: 'api_keys',
  indexes: [
    { name: 'team', key: { orgId: 1, teamId: 1, createdAt: 1 } },
    { name: 'key_id', key: { keyId: 1 } },
  ],
};

/** The collection `api_keys`. */
export class ApiKeys {
  private readonly docs: Collection<ApiKeyDoc>;

  constructor(db: Db) {
    this.docs = db.collection<ApiKeyDoc>(apiKeyIndexes.collection);
  }

  async insert(key: ApiKeyDoc): Promise<void> {
    await this.docs.insertOne(key);
  }

  /** Expired ones too: whoever asks looks at `expiresAt`. */
  async byHash(hash: string): Promise<ApiKeyDoc | null> {
    return this.docs.findOne({ _id: hash });
  }

  /** Notes a use, unless a later one is noted. */
  async markUsed(hash: string, at: number): Promise<void> {
    await this.docs.updateOne({ _id: hash }, { $max: { lastUsedAt: at } });
  }

  /** Oldest first; management keys under `teamId: null`. */
  async of(orgId: string, teamId: string | null): Promise<ApiKeyDoc[]> {
    return this.docs.find({ orgId, teamId }).sort({ createdAt: 1 }).toArray();
  }

  /** @returns whether there was such a key */
  async revoke(keyId: string): Promise<boolean> {
    const { deletedCount } = await this.docs.deleteOne({ keyId });
    return deletedCount === 1;
  }
}
