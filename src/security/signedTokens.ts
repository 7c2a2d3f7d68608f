import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Keyring } from './keyring';

/** Tokens of one purpose: JWTs signed with the newest key and opened with any. */
export interface SignedTokens {
  /** @param expires `exp` as jose takes it: a span such as `300s`, or a Unix time in seconds */
  sign(subject: string, expires: string | number, claims: JWTPayload): Promise<string>;
  /** @returns null for anything not signed here for the same purpose, and for what `options` refuse */
  open(text: string): Promise<JWTPayload | null>;
}

interface SignedTokenOptions {
  /** No token of another purpose passes for one of these: each has keys of its own. */
  readonly purpose: string;
  /** Base address of what they open. */
  readonly audience: string;
  /** Whether an expired one opens nothing, or is told and its caller looks at `exp`. */
  readonly expired: 'refused' | 'told';
}

const ALGORITHM = 'HS256';

export function createSignedTokens(keyring: Keyring, { purpose, audience, expired }: SignedTokenOptions): SignedTokens {
  const [newest, ...older] = keyring.deriveAll(purpose);
  // No token is older than the epoch's clock.
  const clock = expired === 'told' ? { currentDate: new Date(0) } : {};

  return {
    sign: (subject, expires, claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM })
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime(expires)
        .sign(newest),

    async open(text) {
      for (const key of [newest, ...older]) {
        const claims = await opened(text, key);
        if (claims) return claims;
      }
      return null;
    },
  };

  async function opened(text: string, key: Uint8Array): Promise<JWTPayload | null> {
    try {
      return (await jwtVerify(text, key, { audience, algorithms: [ALGORITHM], requiredClaims: ['exp', 'sub'], ...clock })).payload;
    } catch {
      // Whatever was wrong with it, it opens nothing; jose's errors say no more than that.
      return null;
    }
  }
}
