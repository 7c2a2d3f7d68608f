import type { LinkSessionDoc } from '../storage/linkSessions';
import type { ConnectServices } from './connectServices';

/** The session a link token speaks for, whatever became of it; null if the token was not issued here or its session is gone. */
export async function findLinkSession(
  { linkSessions, linkTokens }: Pick<ConnectServices, 'linkSessions' | 'linkTokens'>,
  linkToken: string,
): Promise<LinkSessionDoc | null> {
  const token = await linkTokens.verify(linkToken);
  return token && linkSessions.read({ _id: token.sessionId, teamId: token.teamId });
}
