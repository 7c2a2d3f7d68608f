import { type CallTurn, token } from '../dexcom/callGate';
import type { Anew, ConnectionDoc } from '../storage/connectionDoc';
import { tokenPlace } from '../storage/grants';
import { type ConsentEnd, NOTHING } from '../storage/linkSessionDoc';
import type { TeamDoc } from '../storage/teams';
import type { UserDoc } from '../storage/users';
import { wordOf } from '../users/wordOf';
import { messageId } from '../webhooks/messageId';
import { connectionCreated } from '../webhooks/payloads';
import { recordMessage } from '../webhooks/recordMessage';
import { claimAccount } from './claimAccount';
import { connectionIdOf } from './connectionId';
import { type ConnectServices, DEXCOM_SLUG } from './connectServices';
import { consentOf, type IdentifiedConsent } from './consent';
import { endOlderAccounts } from './endOlderAccounts';
import { endIfConnected, followUser } from './followUser';
import { identifyConsent } from './identifyConsent';
import { newConnection } from './newConnection';
import { openSessionTokens } from './sessionTokens';

/**
 * Settles the consent of a consumed session: whose account it is, grant, connection, event, running workflow. Every step may be repeated and
 * none is undone by a late repeat, so whoever dies in between, the next one to meet the session ends with the same, whenever that is
 * (test/connect/interruptions.test.ts). Does nothing for a session with nothing to settle. A consent to an account that another user of the
 * team has, where the team refuses that, is dropped and its session opened again.
 * @param turn a sign-in's where somebody waits for it; whoever comes again by himself leaves those their calls
 * @throws DexcomError, TemporalUnavailable or the database's error: try again later
 */
export async function completeLinkSession(services: ConnectServices, sessionId: string, turn: CallTurn = token): Promise<void> {
  const found = consentOf(await services.linkSessions.load(sessionId));
  if (!found) return;

  const { session, consentId } = found;
  const finish = (end: ConsentEnd) => services.linkConsents.finish(session, consentId, end);
  const [user, team] = await Promise.all([services.users.byId(session.teamId, session.userId), services.teams.byId(session.teamId)]);
  if (!user) await endIfConnected(services, found);
  const consent = user && team && (await identifyConsent(services, found, turn));
  if (!consent) return finish(NOTHING);

  const connectionId = connectionIdOf(session.userId, DEXCOM_SLUG, consent.account.dexcomUserId);
  if (team.rejectDuplicateConnection && !(await mayHaveAccount(services, consent, connectionId))) return;
  await finish(await settle(services, consent, { connectionId, user, team }));
}

/**
 * Decided once for each consent, in its session, since several may be at it and what they go by may change between them.
 * @returns false if it was refused, here or by another
 */
async function mayHaveAccount(services: ConnectServices, consent: IdentifiedConsent, connectionId: string): Promise<boolean> {
  const { session, consentId } = consent;
  if (!(await claimAccount(services, consent, connectionId)) && (await services.linkConsents.refuse(session, consentId))) {
    services.log.info({ sessionId: session._id }, 'refused an account that another user of the team has');
    await dropRefused(services, consent, connectionId);
    return false;
  }
  return services.linkConsents.accept(session, consentId);
}

/** What a consent is settled to. */
interface Settled {
  readonly connectionId: string;
  readonly user: UserDoc;
  readonly team: TeamDoc;
}

async function settle(services: ConnectServices, consent: IdentifiedConsent, { connectionId, user, team }: Settled): Promise<ConsentEnd> {
  const { consentedAt, account, issuer, session } = consent;
  const { teamId, userId } = session;
  const { dexcomUserId, offeredFrom } = account;
  const person = { _id: connectionId, teamId, userId, consentedAt, ...issuer };
  const { overtaken, appChanged } = await endOlderAccounts(services, person);
  if (overtaken) return { connectionId: null, overtaken: true };

  if (!(await storeGrant(services, connectionId, consent))) return NOTHING;
  // The other app's connection has ended by now. What it may have told is not told again (docs/adr/0013): all of it is history here.
  const historyUntil = appChanged ? Date.now() : consentedAt;
  const wanted = { daysToPull: team.pullPreferences.historicalDaysToPull, pushed: team.pushHistoricalData && !appChanged };
  const fresh = newConnection({ ...person, dexcomUserId, ...wordOf(user), historyUntil, offeredFrom, ...wanted });
  const connection = await services.connections.ensure(fresh, appChanged ? historyOf(fresh) : null);
  // Two accounts consented to at the same time did not see each other before: the younger one stays.
  await endOlderAccounts(services, person);
  if (!(await followUser(services, user, { _id: connectionId, teamId, consentedAt }))) return NOTHING;

  const id = messageId('connected', connectionId, consent.consentId);
  await recordMessage(services.outbox, { id, teamId, userId, connectionId, ...connectionCreated(connection) });
  if (connection.desired === 'running') await services.workflows.ensureRunning({ connectionId, teamId, userId });
  return { connectionId, overtaken: false };
}

const historyOf = ({ liveFrom, coveredUntil, history, backfill }: ConnectionDoc): Anew => ({
  liveFrom,
  coveredUntil,
  ...(history && { history }),
  backfill,
});

/**
 * Once per consent and never over a younger one: the grant sees to both. Then the session's copy is of no use.
 * @returns false if the consent was refused meanwhile, its team having begun to refuse duplicates
 */
async function storeGrant(services: ConnectServices, _id: string, consent: IdentifiedConsent): Promise<boolean> {
  const { grants, keyring, linkSessions, linkConsents } = services;
  const { session, consentId, consentedAt, issuer } = consent;
  if (!consent.tokens) return true;

  const tokens = openSessionTokens(keyring, session._id, consent.tokens);
  await grants.settle({
    _id,
    teamId: session.teamId,
    userId: session.userId,
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
  if (await linkConsents.dropTokens(session, consentId)) return true;
  const { step } = (await linkSessions.read(session)) ?? {};
  const stands = step?.kind === 'consumed' && step.consentId === consentId;
  if (!stands) await dropRefused(services, consent, _id);
  return stands;
}

/** Whoever was at this consent before its team refused duplicates may have got as far as a grant; if its user has the account, it is theirs. */
async function dropRefused(
  { connections, grants }: ConnectServices,
  { session, consentId }: IdentifiedConsent,
  _id: string,
): Promise<void> {
  const connection = await connections.byId(session.teamId, _id);
  if (!connection || connection.desired === 'disconnected') await grants.endConsent({ _id, teamId: session.teamId, consentId });
}
