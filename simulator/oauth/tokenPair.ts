import { randomBytes, randomUUID } from 'node:crypto';
import type { Settings } from '../world/settings';
import type { TokenPair } from './grant';

export const newTokenPair = (grantId: string, issuedAt: number): TokenPair => ({
  grantId,
  accessToken: `at_${randomBytes(32).toString('base64url')}`,
  refreshToken: `rt_${randomBytes(32).toString('base64url')}`,
  sessionState: randomUUID(),
  issuedAt,
});

/** The answer's fields exactly as in the sample of dexcom-api.md §1.3; `expires_in` is in seconds whatever the description says. */
export const tokenBody = (pair: TokenPair, { accessTokenLifeSeconds }: Settings, now: number) => ({
  access_token: pair.accessToken,
  expires_in: Math.max(0, Math.round(accessTokenLifeSeconds - (now - pair.issuedAt) / 1_000)),
  refresh_expires_in: 0,
  refresh_token: pair.refreshToken,
  token_type: 'Bearer',
  'not-before-policy': '0',
  session_state: pair.sessionState,
});
