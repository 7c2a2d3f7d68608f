/** What a key may do. `management` keys belong to the organisation and open its teams' management routes. */
export type Scope = 'users:read' | 'users:write' | 'glucose:read' | 'link:write' | 'webhooks:read' | 'webhooks:write' | 'management';

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
