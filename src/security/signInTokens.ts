import { jwtVerify, SignJWT } from 'jose';
import type { Keyring } from './keyring';

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
const ALGORITHM = 'HS256';

/** @param audience base address of the API */
export function createSignInTokens(keyring: Keyring, audience: string): SignInTokens {
  // A purpose of its own, so that no other token of ours passes for one of these.
  const [newest, ...older] = keyring.deriveAll('sign-in-token');

  return {
    issue: ({ teamId, userId, orgId, keyId, scopes }) =>
      new SignJWT({ team_id: teamId, org_id: orgId, key_id: keyId, scope: scopes.join(' ') })
        .setProtectedHeader({ alg: ALGORITHM })
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime(`${SIGN_IN_TOKEN_LIFE_S}s`)
        .sign(newest),

    async verify(text) {
      for (const key of [newest, ...older]) {
        const token = await read(text, key, audience);
        if (token) return token;
      }
      return null;
    },
  };
}

async function read(text: string, key: Uint8Array, audience: string): Promise<SignInToken | null> {
  try {
    const { payload } = await jwtVerify(text, key, { audience, algorithms: [ALGORITHM], requiredClaims: ['exp'] });
    const { sub: userId, team_id: teamId, org_id: orgId, key_id: keyId, scope } = payload;
    if (!userId || ![teamId, orgId, keyId, scope].every((claim) => typeof claim === 'string')) return null;
    return { teamId: String(teamId), userId, orgId: String(orgId), keyId: String(keyId), scopes: String(scope).split(' ') };
  } catch {
    // Whatever was wrong with it, it opens nothing; jose's errors say no more than that.
    return null;
  }
}
