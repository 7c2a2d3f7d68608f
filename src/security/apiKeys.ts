import { createHash, randomBytes } from 'node:crypto';

/** Team keys open `/v2`, management keys `/v1/org`. A prefix of our own lets scanners of leaked secrets find them. */
const PREFIXES = { team: 'sk_continuo_', management: 'mk_continuo_' } as const;
const SECRET_BYTES = 32;

/** A new key: prefix and 32 random bytes. It is shown once and never kept. */
export const generateApiKey = (kind: keyof typeof PREFIXES): string => PREFIXES[kind] + randomBytes(SECRET_BYTES).toString('base64url');

/** SHA-256, hex. With 256 random bits in the key there is nothing to guess, so nothing to stretch. */
export const hashApiKey = (key: string): string => createHash('sha256').update(key).digest('hex');
