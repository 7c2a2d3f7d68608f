import type { ConnectionDoc } from '../storage/connections';
import { tokenPlace } from '../storage/grants';
import { newConnection } from '../storage/newConnection';
import { messageId } from '../webhooks/messageId';
import { connectionCreated } from '../webhooks/payloads';
import { recordMessage } from '../webhooks/recordMessage';
import { connectionIdOf } from './connectionId';
import { type ConnectServices, DEXCOM_SLUG } from './connectServices';
import { type Consent, consentOf, type IdentifiedConsent } from './consent';
import { endOlderAccounts } from './endOlderAccounts';
import { identifyConsent } from './identifyConsent';
import { openSessionTokens } from './sessionTokens';

/**
 * Settles the consent of a consumed session: whose account it is, grant, connection, event, running workflow. Every step may be repeated and
 * none is undone by a late repeat, so whoever dies in between, the next one to meet the session ends with the same, whenever that is
 * (test/connect/interruptions.test.ts). Does nothing for a session with nothing to settle.
 * @throws DexcomError, TemporalUnavailable or the database's error: try again later
 */
export async function completeLinkSession(services: ConnectServices, sessionId: string): Promise<void> {
  const consent = consentOf(await services.linkSessions.load(sessionId));
  if (!consent) return;

  const connection = await settle(services, consent);
  await services.linkSessions.finish(consent.session, consent.consentId, connection?._id ?? null);
}

/** @returns null if nothing comes of this consent: withdrawn at once, overtaken by a younger one, or its user is gone */
async function settle(services: ConnectServices, found: Consent): Promise<ConnectionDoc | null> {
  const { teamId, userId } = found.session;
  const user = await services.users.byId(teamId, userId);
  const consent = user && (await identifyConsent(services, found));
  if (!consent) return null;

  const { consentedAt, account, issuer } = consent;
  const { dexcomUserId, offeredFrom } = account;
  const connectionId = connectionIdOf(userId, DEXCOM_SLUG, dexcomUserId);
  const person = { teamId, userId, connectionId, consentedAt };
  if (await endOlderAccounts(services, person)) return null;

  await storeGrant(services, connectionId, consent);
  const connection = await services.connections.ensure(
    newConnection({
      _id: connectionId,
      teamId,
      userId,
      clientUserId: user.clientUserId,
      dexcomUserId,
      ...(issuer && { region: issuer.region }),
      consentedAt,
      offeredFrom,
    }),
  );
  // Two accounts consented to at the same time did not see each other before: the younger one stays.
  await endOlderAccounts(services, person);

  const id = messageId('connected', connectionId, consent.consentId);
  await recordMessage(services.outbox, { id, teamId, userId, connectionId, ...connectionCreated(connection) });
  if (connection.desired === 'running') await services.workflows.ensureRunning({ connectionId, teamId, userId });
  return connection;
}

/** Once per consent and never over a younger one: the grant sees to both. Then the session's copy is of no use. */
async function storeGrant({ grants, keyring, linkSessions }: ConnectServices, _id: string, consent: IdentifiedConsent): Promise<void> {
  const { session, consentId, consentedAt, issuer } = consent;
  if (!consent.tokens) return;

  const tokens = openSessionTokens(keyring, session._id, consent.tokens);
  await grants.settle({
    _id,
    teamId: session.teamId,
    issuer,
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
  await linkSessions.dropTokens(session, consentId);
}
