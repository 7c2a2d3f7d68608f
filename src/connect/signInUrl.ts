import type { DexcomRegion } from '../dexcom/region';
import type { LinkSessionDoc } from '../storage/linkSessionDoc';
import { type ConnectServices, redirectUriOf } from './connectServices';
import type { FoundLink } from './findLinkSession';

/** What is not the session's own on the way to Dexcom. */
export interface Departure {
  /** Null: there was nothing to choose. */
  readonly region: DexcomRegion | null;
  readonly opener: string | null;
}

/**
 * The address of Dexcom's sign-in for a session. Its `state` is the link token as it came, if both say nothing and the person is sent to the app
 * that the session names; else one that says what they left for, so that their code goes to that app whatever has changed meanwhile.
 * @throws DexcomError `not_configured`
 */
export async function signInUrl(
  services: Pick<ConnectServices, 'dexcom' | 'linkTokens' | 'publicUrl'>,
  { session, linkToken, token }: FoundLink,
  { region, opener }: Departure,
): Promise<string> {
  const { _id: sessionId, teamId, userId, expiresAt } = session;
  const app = await services.dexcom.clientFor({ teamId, region: region ?? session.region ?? undefined });
  const named = app.region === session.app?.region && app.clientId === session.app.clientId;
  const isBare = opener === null && Object.keys(token.path).length === 0;
  const path = { region: app.region, clientId: app.clientId, ...(opener !== null && { opener }) };
  const state = named && isBare ? linkToken : await services.linkTokens.issue({ sessionId, teamId, userId, expiresAt, path });
  return app.authorizeUrl({ redirectUri: redirectUriOf(services, app), state });
}

/** Where the person of a session may sign in; empty if the app named a region that is not offered any more. */
export async function regionsFor({ dexcom }: Pick<ConnectServices, 'dexcom'>, session: LinkSessionDoc): Promise<readonly DexcomRegion[]> {
  const { teamId, region } = session;
  const offered = await dexcom.regionsOf(teamId);
  return region ? offered.filter((one) => one === region) : offered;
}
