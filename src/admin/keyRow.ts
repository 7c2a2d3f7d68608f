import type { ApiKeyDoc } from '../storage/apiKeys';

/** A key as the operator sees it: never the key. Times are ISO 8601. */
export interface KeyRow extends Pick<ApiKeyDoc, 'keyId' | 'orgId' | 'teamId' | 'role' | 'label' | 'lastFour' | 'scopes'> {
  readonly createdAt: string;
  /** Null: never. */
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}

export const keyRow = ({ keyId, orgId, teamId, role, label, lastFour, scopes, ...times }: ApiKeyDoc): KeyRow => ({
  keyId,
  orgId,
  teamId,
  role,
  label,
  lastFour,
  scopes,
  createdAt: new Date(times.createdAt).toISOString(),
  expiresAt: iso(times.expiresAt),
  lastUsedAt: iso(times.lastUsedAt),
});

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
