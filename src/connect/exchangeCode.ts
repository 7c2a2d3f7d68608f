import { randomUUID } from 'node:crypto';
import type { DexcomTokens } from '../dexcom/client';
import { DexcomError } from '../dexcom/errors';
import type { ExchangingStep, LinkSessionDoc } from '../storage/linkSessions';
import { type ConnectServices, redirectUri } from './connectServices';
import { consumeSession } from './consumeSession';
import { type LinkFailure, type LinkOutcome, linked, linkFailed, tryAgain } from './linkOutcome';
import { sealSessionTokens } from './sessionTokens';

/**
 * Sends the code to Dexcom, once, and ends the session with what comes back. The session carries the tokens until they are settled, so
 * whoever dies after this, the consent is kept. A refusal gives the claim up, so that the person can try again.
 */
export async function exchangeCode(
  services: ConnectServices,
  session: LinkSessionDoc,
  claim: ExchangingStep,
  code: string,
): Promise<LinkOutcome> {
  const { dexcom, linkSessions, linkTiming, keyring, log } = services;
  const signal = AbortSignal.timeout(linkTiming.exchangeMs);
  let tokens: DexcomTokens;
  try {
    tokens = await dexcom.exchangeCode({ code, redirectUri: redirectUri(services) }, signal);
  } catch (err) {
    if (!(err instanceof DexcomError) && !signal.aborted) throw err;
    log.warn({ err, sessionId: session._id }, 'Dexcom gave no tokens for a code');
    await linkSessions.reopen(session, claim.nonce);
    return failureOf(err);
  }

  const consumed = await consumeSession(linkSessions, session, claim, {
    kind: 'consumed',
    codeHash: claim.codeHash,
    consentId: randomUUID(),
    consentedAt: Date.now(),
    tokens: sealSessionTokens(keyring, session._id, tokens),
    connectionId: null,
  });
  return consumed ? linked : tryAgain;
}

function failureOf(error: unknown): LinkFailure {
  if (error instanceof DexcomError && error.kind === 'invalid_grant')
    return linkFailed('provider_credential_error', 'Dexcom did not accept the sign-in. Please try again.');
  return linkFailed('provider_api_error', 'Dexcom could not be reached. Please try again later.');
}
