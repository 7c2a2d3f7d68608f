import type { Keyring } from './keyring';
import { createSignedTokens } from './signedTokens';

/** What a person's own device may show a team's API (vital-api.md §2.1): it opens what this one user's data is read by, and nothing else. */
export interface SignInToken {
  readonly teamId: string;
  readonly userId: string;
  readonly orgId: string;
  /** The key that made it: the token ends with it. */
  readonly keyId: string;
  /** What its maker could read. */
  readonly scopes: readonly string[];
}

export interface SignInTokens {
  issue(token: SignInToken): Promise<string>;
  /** @returns null for anything not issued here, and for what has expired */
  verify(text: string): Promise<SignInToken | null>;
}

export const SIGN_IN_TOKEN_LIFE_S = 900;

/** @param audience base address of the API */
export function createSignInTokens(keyring: Keyring, audience: string): SignInTokens {
  const tokens = createSignedTokens(keyring, { purpose: 'sign-in-token', audience, expired: 'refused' });

  return {
    issue: ({ teamId, userId, orgId, keyId, scopes }) =>
      tokens.sign(userId, `${SIGN_IN_TOKEN_LIFE_S}s`, { team_id: teamId, org_id: orgId, key_id: keyId, scope: scopes.join(' ') }),

    async verify(text) {
      const { sub: userId, team_id: teamId, org_id: orgId, key_id: keyId, scope } = (await tokens.open(text)) ?? {};
      if (!userId || typeof teamId !== 'string' || typeof orgId !== 'string') return null;
      if (typeof keyId !== 'string' || typeof scope !== 'string') return null;
      return { teamId, userId, orgId, keyId, scopes: scope.split(' ') };
    },
  };
}
