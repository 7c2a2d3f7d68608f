import type { DexcomRegion } from '../dexcom/region';
import type { LinkSessionDoc } from '../storage/linkSessions';
import { type ConnectServices, redirectUriOf } from './connectServices';

/** What is not the session's own on the way to Dexcom. */
export interface Departure {
  /** As it came: it is the `state`, unless there is something to remember. */
  readonly linkToken: string;
  /** Null: there was nothing to choose. */
  readonly region: DexcomRegion | null;
  readonly opener: string | null;
}

/**
 * The address of Dexcom's sign-in for a session.
 * @throws DexcomError `not_configured`
 */
export async function signInUrl(
  services: Pick<ConnectServices, 'dexcom' | 'linkTokens' | 'publicUrl'>,
  session: LinkSessionDoc,
  { linkToken, region, opener }: Departure,
): Promise<string> {
  const { _id: sessionId, teamId, userId, expiresAt } = session;
  const app = await services.dexcom.clientFor({ teamId, region: region ?? session.region ?? undefined });
  const remembered = region !== null || opener !== null;
  const path = { region: app.region, clientId: app.clientId, ...(opener !== null && { opener }) };
  const state = remembered ? await services.linkTokens.issue({ sessionId, teamId, userId, expiresAt, path }) : linkToken;
  return app.authorizeUrl({ redirectUri: redirectUriOf(services, app), state });
}

/** Where the person of a session may sign in; empty if the app named a region that is not offered any more. */
export async function regionsFor({ dexcom }: Pick<ConnectServices, 'dexcom'>, session: LinkSessionDoc): Promise<readonly DexcomRegion[]> {
  const { teamId, region } = session;
  const offered = await dexcom.regionsOf(teamId);
  return region ? offered.filter((one) => one === region) : offered;
}
