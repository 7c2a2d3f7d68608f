import type { Keyring } from './keyring';
import { createSignedTokens } from './signedTokens';

/** What a short-lived bearer token opens, instead of a key (vital-api.md §1.1). */
export interface AccessToken {
  readonly teamId: string;
  readonly orgId: string;
  /** The management key that made it: the token ends with it. */
  readonly keyId: string;
  readonly scopes: readonly string[];
}

export interface AccessTokens {
  issue(token: AccessToken): Promise<string>;
  /** @returns null for anything not issued here, and for what has expired */
  verify(text: string): Promise<AccessToken | null>;
}

export const ACCESS_TOKEN_LIFE_S = 300;

/** @param audience base address of the API */
export function createAccessTokens(keyring: Keyring, audience: string): AccessTokens {
  const tokens = createSignedTokens(keyring, { purpose: 'access-token', audience, expired: 'refused' });

  return {
    issue: ({ teamId, orgId, keyId, scopes }) =>
      tokens.sign(teamId, `${ACCESS_TOKEN_LIFE_S}s`, { org_id: orgId, key_id: keyId, scope: scopes.join(' ') }),

    async verify(text) {
      const { sub: teamId, org_id: orgId, key_id: keyId, scope } = (await tokens.open(text)) ?? {};
      if (!teamId || typeof orgId !== 'string' || typeof keyId !== 'string' || typeof scope !== 'string') return null;
      return { teamId, orgId, keyId, scopes: scope.split(' ') };
    },
  };
}
