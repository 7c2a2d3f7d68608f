import type { DexcomTokens } from '../dexcom/client';
import type { ConnectionDoc } from '../storage/connections';
import { tokenPlace } from '../storage/grants';
import { newConnection } from '../storage/newConnection';
import { messageId } from '../webhooks/messageId';
import { connectionCreated } from '../webhooks/payloads';
import { recordMessage } from '../webhooks/recordMessage';
import { accountOf } from './accountOf';
import { connectionIdOf } from './connectionId';
import { type ConnectServices, DEXCOM_SLUG } from './connectServices';
import { type Consent, consentOf } from './consent';
import { endOlderAccounts } from './endOlderAccounts';

/**
 * Settles the consent of a consumed session: grant, connection, event, running workflow; then drops the session's tokens. Every step may be
 * repeated and none is undone by a late repeat, so whoever dies in between, the next one to meet the session ends with the same
 * (test/connect/crashes.test.ts). Does nothing for a session with nothing to settle.
 * @throws DexcomError, TemporalUnavailable or the database's error: try again later
 */
export async function completeLinkSession(services: ConnectServices, sessionId: string): Promise<void> {
  const consent = consentOf(services, await services.linkSessions.load(sessionId));
  if (!consent) return;

  const connection = await settle(services, consent);
  await services.linkSessions.finish(consent.session, consent.consentId, connection?._id ?? null);
}

/** @returns null if nothing comes of this consent: withdrawn at once, overtaken by a younger one, or its user is gone */
async function settle(services: ConnectServices, consent: Consent): Promise<ConnectionDoc | null> {
  const { teamId, userId } = consent.session;
  const user = await services.users.byId(teamId, userId);
  const account = user && (await accountOf(services, consent));
  if (!account) return null;

  const { consentedAt } = consent;
  const connectionId = connectionIdOf(userId, DEXCOM_SLUG, account.dexcomUserId);
  const person = { teamId, userId, connectionId, consentedAt };
  if (await endOlderAccounts(services, person)) return null;

  await storeGrant(services, connectionId, consent, account.tokens);
  const { dexcomUserId, offeredFrom } = account;
  const connection = await services.connections.ensure(
    newConnection({ _id: connectionId, teamId, userId, clientUserId: user.clientUserId, dexcomUserId, consentedAt, offeredFrom }),
  );
  // Two accounts consented to at the same time did not see each other before: the younger one stays.
  await endOlderAccounts(services, person);

  const id = messageId('connected', connectionId, consent.consentId);
  await recordMessage(services.outbox, { id, teamId, userId, connectionId, ...connectionCreated(connection) });
  if (connection.desired === 'running') await services.workflows.ensureRunning({ connectionId, teamId, userId });
  return connection;
}

/** Once per consent and never over a younger one: `settle` sees to both. */
async function storeGrant({ grants, keyring }: ConnectServices, _id: string, consent: Consent, tokens: DexcomTokens): Promise<void> {
  const { session, consentId, consentedAt } = consent;
  await grants.settle({
    _id,
    teamId: session.teamId,
    consentId,
    consentedAt,
    rev: 1,
    accessToken: keyring.seal(tokens.accessToken, tokenPlace(_id, 'accessToken')),
    refreshToken: keyring.seal(tokens.refreshToken, tokenPlace(_id, 'refreshToken')),
    accessTokenIssuedAt: tokens.issuedAt,
    accessTokenExpiresAt: tokens.expiresAt,
    intent: null,
    needsReauth: null,
  });
}
