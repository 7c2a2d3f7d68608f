import type { DexcomTokens } from '../dexcom/client';
import type { ConnectServices } from './connectServices';
import type { UnidentifiedConsent } from './consent';
import { outlastDatabase } from './outlastDatabase';
import { openSessionTokens, sealSessionTokens } from './sessionTokens';

/**
 * Renews the tokens of a consent that waited so long to be settled that its access token ran out. Claimed first, since the refresh token is
 * good for once; the new pair is stored in the session before anybody uses it. Does nothing if somebody else is at it, or has gone on.
 * @throws DexcomError `invalid_grant`, or try again later
 */
export async function renewSessionTokens(services: ConnectServices, consent: UnidentifiedConsent): Promise<void> {
  const { session, tokens } = consent;
  const { linkConsents, linkTiming, dexcom, keyring } = services;
  const leaseUntil = Date.now() + linkTiming.leaseMs;
  if (!(await linkConsents.claimRenewal(session, tokens, leaseUntil))) return;

  let fresh: DexcomTokens;
  try {
    const { refreshToken } = openSessionTokens(keyring, session._id, tokens);
    const issuer = await dexcom.clientFor({ teamId: session.teamId, ...consent.issuer });
    fresh = await issuer.refresh(refreshToken, AbortSignal.timeout(linkTiming.exchangeMs));
  } catch (error) {
    await linkConsents.endRenewal(session, tokens, leaseUntil);
    throw error;
  }

  const sealed = sealSessionTokens(keyring, session._id, fresh);
  await outlastDatabase(leaseUntil, () => linkConsents.renewTokens(session, tokens, sealed));
}
