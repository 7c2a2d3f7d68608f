import type { DataRange, DexcomTokens } from '../dexcom/client';
import { DexcomError } from '../dexcom/errors';
import type { ConnectServices } from './connectServices';
import { type Consent, consentOf } from './consent';
import { sealSessionTokens } from './sessionTokens';

/** Whose account a consent opened, and what there is of it. */
export interface ConsentedAccount {
  readonly dexcomUserId: string;
  /** First reading Dexcom serves, Unix milliseconds; null: none yet. */
  readonly offeredFrom: number | null;
  readonly tokens: DexcomTokens;
}

/** A consent that Dexcom refuses for this long is given up. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000;

/**
 * Asks Dexcom once. A consent that waited so long for this that its access token ran out is renewed first: nobody else knows this grant yet.
 * @returns null if Dexcom has refused the grant for a day
 * @throws DexcomError: try again later
 */
export async function accountOf(services: ConnectServices, consent: Consent): Promise<ConsentedAccount | null> {
  try {
    return described(await services.dexcom.dataRange(consent.tokens.accessToken), consent.tokens);
  } catch (error) {
    if (!isRefused(error, 'token_expired')) throw error;
  }

  try {
    const tokens = await renewed(services, consent);
    return described(await services.dexcom.dataRange(tokens.accessToken), tokens);
  } catch (error) {
    const lasting = isRefused(error, 'invalid_grant') || isRefused(error, 'token_expired');
    if (lasting && Date.now() - consent.consentedAt > GIVE_UP_AFTER_MS) return null;
    throw error;
  }
}

/** Spends the refresh token, unless somebody else just has. @throws DexcomError `invalid_grant` */
async function renewed(services: ConnectServices, { session, tokens }: Consent): Promise<DexcomTokens> {
  const { linkSessions, dexcom, keyring } = services;
  const latest = consentOf(services, await linkSessions.load(session._id));
  if (latest && latest.tokens.refreshToken !== tokens.refreshToken) return latest.tokens;

  const fresh = await dexcom.refresh(tokens.refreshToken);
  if (latest) await linkSessions.renewTokens(session, latest.sealed, sealSessionTokens(keyring, session._id, fresh));
  return fresh;
}

const described = ({ userId, egvs }: DataRange, tokens: DexcomTokens): ConsentedAccount => ({
  dexcomUserId: userId,
  offeredFrom: egvs?.start ?? null,
  tokens,
});

const isRefused = (error: unknown, kind: DexcomError['kind']): boolean => error instanceof DexcomError && error.kind === kind;
