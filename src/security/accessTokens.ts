import { jwtVerify, SignJWT } from 'jose';
import type { Keyring } from './keyring';

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
const ALGORITHM = 'HS256';

/** @param audience base address of the API */
export function createAccessTokens(keyring: Keyring, audience: string): AccessTokens {
  const [newest, ...older] = keyring.deriveAll('access-token');

  return {
    issue: ({ teamId, orgId, keyId, scopes }) =>
      new SignJWT({ org_id: orgId, key_id: keyId, scope: scopes.join(' ') })
        .setProtectedHeader({ alg: ALGORITHM })
        .setAudience(audience)
        .setSubject(teamId)
        .setIssuedAt()
        .setExpirationTime(`${ACCESS_TOKEN_LIFE_S}s`)
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

async function read(text: string, key: Uint8Array, audience: string): Promise<AccessToken | null> {
  try {
    const { payload } = await jwtVerify(text, key, { audience, algorithms: [ALGORITHM], requiredClaims: ['exp'] });
    const { sub: teamId, org_id: orgId, key_id: keyId, scope } = payload;
    if (!teamId || typeof orgId !== 'string' || typeof keyId !== 'string' || typeof scope !== 'string') return null;
    return { teamId, orgId, keyId, scopes: scope.split(' ') };
  } catch {
    // Whatever was wrong with it, it opens nothing; jose's errors say no more than that.
    return null;
  }
}
