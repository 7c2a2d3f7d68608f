import type { LinkToken } from '../security/linkTokens';
import type { LinkSessionDoc } from '../storage/linkSessionDoc';
import type { ConnectServices } from './connectServices';

export interface FoundLink {
  /** Expires with the token: a later link may have its id, once it is purged. */
  readonly session: LinkSessionDoc;
  /** As it came. */
  readonly linkToken: string;
  readonly token: LinkToken;
}

/** The session a link token speaks for, whatever became of it; null if the token was not issued here, or its session or its user is gone. */
export async function findLinkSession(
  { linkSessions, linkTokens, users }: Pick<ConnectServices, 'linkSessions' | 'linkTokens' | 'users'>,
  linkToken: string,
): Promise<FoundLink | null> {
  const token = await linkTokens.verify(linkToken);
  const session = token && (await linkSessions.read({ _id: token.sessionId, teamId: token.teamId }));
  const user = session && (await users.byId(session.teamId, session.userId));
  if (!user) return null;
  return { session: { ...session, expiresAt: Math.min(session.expiresAt, token.expiresAt) }, linkToken, token };
}
