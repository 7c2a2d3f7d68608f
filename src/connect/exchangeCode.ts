import { randomUUID } from 'node:crypto';
import { DexcomError } from '../dexcom/errors';
import type { LinkPath } from '../security/linkTokens';
import type { ExchangingStep, LinkSessionDoc } from '../storage/linkSessionDoc';
import { type ConnectServices, redirectUriOf } from './connectServices';
import { consumeSession } from './consumeSession';
import { appRefused, dexcomAway, type LinkFailure, regionUnsupported, signInRefused, tryAgain } from './linkOutcome';
import { sealSessionTokens } from './sessionTokens';

/** A code as a browser brought it, and how it had gone there. */
export interface BroughtCode {
  readonly code: string;
  readonly path: LinkPath;
}

/**
 * Sends the code to the app that it was made for, once, and ends the session with what comes back. The session carries the tokens until they are
 * settled, so whoever dies after this, the consent is kept. A refusal gives the claim up, so that the person can try again.
 * @returns null if the session is consumed
 */
export async function exchangeCode(
  services: ConnectServices,
  session: LinkSessionDoc,
  claim: ExchangingStep,
  brought: BroughtCode,
): Promise<LinkFailure | null> {
  const { linkSessions, linkTiming, keyring, log } = services;
  const signal = AbortSignal.timeout(linkTiming.exchangeMs);
  const exchanged = await askDexcom(services, session, brought, signal).catch(async (err: unknown) => {
    if (!(err instanceof DexcomError) && !signal.aborted) throw err;
    log.warn({ err, sessionId: session._id }, 'Dexcom gave no tokens for a code');
    await linkSessions.reopen(session, claim.nonce);
    return failureOf(err, await isOffered(services, session, brought));
  });
  if ('state' in exchanged) return exchanged;

  const consumed = await consumeSession(linkSessions, session, claim, {
    kind: 'consumed',
    codeHash: claim.codeHash,
    consentId: randomUUID(),
    consentedAt: Date.now(),
    issuer: exchanged.issuer,
    tokens: sealSessionTokens(keyring, session._id, exchanged.tokens),
    connectionId: null,
  });
  return consumed ? null : tryAgain;
}

async function askDexcom(
  services: ConnectServices,
  { teamId, app: named }: LinkSessionDoc,
  { code, path }: BroughtCode,
  signal: AbortSignal,
) {
  const app = await services.dexcom.clientFor({ teamId, ...named, ...path });
  const tokens = await app.exchangeCode({ code, redirectUri: redirectUriOf(services, app) }, signal);
  return { tokens, issuer: { region: app.region, clientId: app.clientId } };
}

/** Whether whoever signs in once more is sent to the same region: to the app that is there now. */
async function isOffered({ dexcom }: ConnectServices, { teamId, app }: LinkSessionDoc, { path }: BroughtCode): Promise<boolean> {
  const { region } = { ...app, ...path };
  return region === undefined || (await dexcom.regionsOf(teamId)).includes(region);
}

function failureOf(error: unknown, regionOffered: boolean): LinkFailure {
  const kind = error instanceof DexcomError ? error.kind : null;
  if (kind === 'invalid_grant') return signInRefused;
  if (kind === 'invalid_client') return appRefused;
  if (kind !== 'not_configured') return dexcomAway;
  return regionOffered ? tryAgain : regionUnsupported;
}
