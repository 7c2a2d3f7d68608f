import { randomUUID } from 'node:crypto';
import type { LinkSessionDoc } from '../storage/linkSessions';
import type { ConnectServices } from './connectServices';

/** vital-api.md §3.1: sixty minutes, once. */
const LINK_TOKEN_MS = 60 * 60_000;

/** Begins one attempt to connect a person. @returns the link token, which is all that the browser will show of it */
export async function openLinkSession(
  { linkSessions, linkTokens }: Pick<ConnectServices, 'linkSessions' | 'linkTokens'>,
  wanted: Pick<LinkSessionDoc, 'teamId' | 'userId' | 'provider' | 'region' | 'filterOnProviders' | 'redirectUrl' | 'onClose'>,
): Promise<string> {
  const createdAt = Date.now();
  const session: LinkSessionDoc = {
    ...wanted,
    _id: randomUUID(),
    createdAt,
    expiresAt: createdAt + LINK_TOKEN_MS,
    spentCodeHashes: [],
    step: { kind: 'open' },
    unfinished: false,
  };
  const { _id: sessionId, teamId, userId, expiresAt } = session;
  const linkToken = await linkTokens.issue({ sessionId, teamId, userId, expiresAt, path: {} });
  // Last: whoever asks again after an error has left no session behind.
  await linkSessions.insert(session);
  return linkToken;
}
