import type { DexcomTokens } from '../dexcom/client';
import type { Keyring, SealedPlace } from '../security/keyring';
import type { LinkTokens } from '../storage/linkSessionDoc';

/** Tokens as a consumed session carries them until they are settled. */
export const sealSessionTokens = (keyring: Keyring, sessionId: string, tokens: DexcomTokens): LinkTokens => ({
  access: keyring.seal(tokens.accessToken, place(sessionId, 'access')),
  refresh: keyring.seal(tokens.refreshToken, place(sessionId, 'refresh')),
  issuedAt: tokens.issuedAt,
  expiresAt: tokens.expiresAt,
});

export const openSessionTokens = (
  keyring: Keyring,
  sessionId: string,
  { access, refresh, issuedAt, expiresAt }: LinkTokens,
): DexcomTokens => ({
  accessToken: keyring.open(access, place(sessionId, 'access')),
  refreshToken: keyring.open(refresh, place(sessionId, 'refresh')),
  issuedAt,
  expiresAt,
});

const place = (id: string, field: 'access' | 'refresh'): SealedPlace => ({
  collection: 'link_sessions',
  id,
  field: `step.tokens.${field}`,
});
