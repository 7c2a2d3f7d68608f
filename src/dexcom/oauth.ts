import type { DexcomTokens } from './answers';
import { signIn, token } from './callGate';
import type { DexcomCaller } from './countedCalls';
import { DexcomError } from './errors';
import type { DexcomCall, DexcomResponse } from './http';
import { objectIn, parseObject } from './json';
import type { AppCredentials, RegionApp } from './registration';

/** What it should be if Dexcom does not say: two hours (dexcom-api.md §1.3). */
const USUAL_LIFE_SECONDS = 7200;

/** Consent is all or nothing: no other scope exists (dexcom-api.md §1.2). */
const SCOPE = 'offline_access';

export function authorizeUrl({ baseUrl, clientId }: RegionApp, { redirectUri, state }: { redirectUri: string; state: string }): string {
  const query = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, response_type: 'code', scope: SCOPE, state });
  return `${baseUrl}/v3/oauth2/login?${query}`;
}

/** Asks the token endpoint once, never again by itself: codes and refresh tokens are spent by the first try. */
export async function requestTokens(
  http: DexcomCaller,
  { clientId, clientSecret }: AppCredentials,
  grant: Readonly<Record<string, string>>,
  { signal, beforeSending }: Pick<DexcomCall, 'signal' | 'beforeSending'>,
): Promise<DexcomTokens> {
  const issuedAt = Date.now();
  const answer = await http.call({
    name: 'token',
    turn: grant.grant_type === 'refresh_token' ? token : signIn,
    method: 'POST',
    path: '/v3/oauth2/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...grant, client_id: clientId, client_secret: clientSecret }).toString(),
    signal,
    beforeSending,
  });
  if (answer.status < 200 || answer.status > 299) throw refusal(answer);

  const { access_token, refresh_token, expires_in } = objectIn(answer, 'token');
  if (typeof access_token !== 'string' || access_token === '' || typeof refresh_token !== 'string' || refresh_token === '') {
    throw new DexcomError('garbage', 'Dexcom answered token without a pair of tokens', answer.status);
  }
  return { accessToken: access_token, refreshToken: refresh_token, issuedAt, expiresAt: issuedAt + lifeSeconds(expires_in) * 1000 };
}

/** Seconds, whatever Dexcom's own schema says of milliseconds (dexcom-api.md §1.3). */
function lifeSeconds(expiresIn: unknown): number {
  const seconds = typeof expiresIn === 'string' ? Number(expiresIn) : expiresIn;
  return typeof seconds === 'number' && seconds > 0 && Number.isFinite(seconds) ? seconds : USUAL_LIFE_SECONDS;
}

function refusal({ status, retryAfterMs, text }: DexcomResponse): DexcomError {
  const message = `Dexcom answered token with ${status}`;
  if (status === 429) return new DexcomError('rate_limited', message, status, retryAfterMs);
  if (status >= 500) return new DexcomError('unavailable', message, status, retryAfterMs);

  // Whatever else a body says, or does not: only this word ends a grant, only these an operator's credentials (F2, F3, F24).
  const word = parseObject(text)?.error;
  if (word === 'invalid_grant') return new DexcomError('invalid_grant', `${message}: invalid_grant`, status);
  if (word === 'invalid_client' || word === 'unauthorized_client') return new DexcomError('invalid_client', `${message}: ${word}`, status);
  return new DexcomError('refused', message, status, retryAfterMs);
}
