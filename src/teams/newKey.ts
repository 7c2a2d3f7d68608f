import { randomUUID } from 'node:crypto';
import { generateApiKey, hashApiKey } from '../security/apiKeys';
import type { ApiKeyDoc, ManagementRole, TeamScope } from '../storage/apiKeys';

type Wished = Pick<ApiKeyDoc, 'orgId' | 'label' | 'expiresAt'>;

/** A key and what is kept of it. */
export interface NewKey {
  /** Shown once; nothing keeps it. */
  readonly key: string;
  readonly doc: ApiKeyDoc;
}

/** A key that opens one team's data. */
export const newTeamKey = ({ scopes, ...wished }: Wished & { readonly teamId: string; readonly scopes: readonly TeamScope[] }): NewKey =>
  newKey(generateApiKey('team'), { ...wished, role: null, boundTeamIds: [], scopes });

/** A key of the organisation. @param wished.boundTeamIds what a `team_admin` administers */
export const newManagementKey = (wished: Wished & { readonly role: ManagementRole; readonly boundTeamIds: readonly string[] }): NewKey =>
  newKey(generateApiKey('management'), { ...wished, teamId: null, scopes: ['management'] });

const newKey = (key: string, rest: Omit<ApiKeyDoc, '_id' | 'keyId' | 'lastFour' | 'createdAt' | 'lastUsedAt'>): NewKey => ({
  key,
  doc: { _id: hashApiKey(key), keyId: randomUUID(), ...rest, lastFour: key.slice(-4), createdAt: Date.now(), lastUsedAt: null },
});
