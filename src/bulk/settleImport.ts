import { completeLinkSession } from '../connect/completeLinkSession';
import type { ConnectServices } from '../connect/connectServices';
import { consentOf } from '../connect/consent';
import { DexcomError } from '../dexcom/errors';
import type { BulkItem } from '../storage/bulkOperations';

/** Dexcom's last word about these tokens: waiting does not mend it. */
const LASTING: readonly DexcomError['kind'][] = ['invalid_grant', 'token_expired', 'not_configured', 'refused'];

/**
 * Settles one imported connection as a consent is settled: whose account it is, grant, connection, event, workflow.
 * @param lastTry what cannot be had now is failed
 * @returns null: try again later
 * @throws the database's error
 */
export async function settleImport(
  services: ConnectServices,
  { sessionId }: BulkItem,
  lastTry: boolean,
): Promise<'done' | 'failed' | null> {
  if (sessionId === null) return 'failed';
  try {
    await completeLinkSession(services, sessionId);
  } catch (err) {
    if (!(err instanceof DexcomError)) throw err;
    services.log.info({ err, sessionId }, 'an imported connection is not settled');
    if (!lastTry && !LASTING.includes(err.kind)) return null;
    await drop(services, sessionId);
  }

  const session = await services.linkSessions.load(sessionId);
  if (session?.step.kind !== 'consumed') return 'failed';
  if (session.unfinished) return lastTry ? 'failed' : null;
  return session.step.connectionId === null ? 'failed' : 'done';
}

async function drop({ linkSessions, linkConsents }: ConnectServices, sessionId: string): Promise<void> {
  const consent = consentOf(await linkSessions.load(sessionId));
  if (consent?.tokens) await linkConsents.giveUp(consent.session, consent.tokens);
}
