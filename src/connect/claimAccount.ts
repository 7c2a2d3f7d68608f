import { type AccountClaimDoc, accountClaimId } from '../storage/accountClaims';
import { type ConnectServices, DEXCOM_SLUG } from './connectServices';
import type { IdentifiedConsent } from './consent';

type Claims = Pick<ConnectServices, 'accountClaims' | 'connections' | 'linkSessions'>;

/**
 * Claims a consent's Dexcom account for its user, in a team that gives each to one user only: of any number of users at once one has it.
 * Repeatable. @returns false if another user of the team has it: connected, paused, or on the way to that
 */
export async function claimAccount(
  services: Claims,
  { session, consentId, account }: IdentifiedConsent,
  connectionId: string,
): Promise<boolean> {
  const { teamId, userId, _id: sessionId } = session;
  const sameAccount = await services.connections.ofAccount(teamId, account.dexcomUserId);
  // Those who connected while the team allowed it claimed nothing.
  if (sameAccount.some((connection) => connection.userId !== userId && connection.desired !== 'disconnected')) return false;

  const _id = accountClaimId(teamId, DEXCOM_SLUG, account.dexcomUserId);
  const claim: AccountClaimDoc = { _id, teamId, userId, connectionId, consentId, sessionId };
  for (;;) {
    const held = await services.accountClaims.read(_id);
    if (held?.consentId === consentId) return true;
    if (held && held.userId !== userId && (await isHeld(services, held))) return false;
    if (held ? await services.accountClaims.takeOver(held, claim) : await services.accountClaims.insert(claim)) return true;
  }
}

/** The session first: what it was settled to stands before it is finished. */
async function isHeld(
  { linkSessions, connections }: Claims,
  { teamId, connectionId, consentId, sessionId }: AccountClaimDoc,
): Promise<boolean> {
  const session = await linkSessions.read({ teamId, _id: sessionId });
  if (session?.unfinished && session.step.kind === 'consumed' && session.step.consentId === consentId) return true;
  const connection = await connections.byId(teamId, connectionId);
  return connection !== null && connection.desired !== 'disconnected';
}
