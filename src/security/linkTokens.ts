import type { JWTPayload } from 'jose';
import { type DexcomRegion, isDexcomRegion } from '../dexcom/region';
import type { Keyring } from './keyring';
import { createSignedTokens } from './signedTokens';

/** Whom a link token speaks for. It is the OAuth `state` as well (vital-api.md §3.1). */
export interface LinkToken {
  readonly sessionId: string;
  readonly teamId: string;
  readonly userId: string;
  /** Unix milliseconds, whole seconds. */
  readonly expiresAt: number;
  readonly path: LinkPath;
}

/**
 * How a browser went to Dexcom, where that is not how the session says. It travels in the OAuth `state` and is written nowhere, so that each of
 * several tabs comes back as it left.
 */
export interface LinkPath {
  /** Absent: the session's. */
  readonly region?: DexcomRegion | undefined;
  /** Of the app the person was sent to; absent: the session's. */
  readonly clientId?: string | undefined;
  /** Origin of the page that opened ours in a pop-up and waits for its end; was on the team's list. */
  readonly opener?: string | undefined;
}

export interface LinkTokens {
  issue(token: LinkToken): Promise<string>;
  /** @returns null for anything not issued here. Expired ones are told as well: what a session became stays true. */
  verify(text: string): Promise<LinkToken | null>;
}

/** @param audience base address of the link endpoints */
export function createLinkTokens(keyring: Keyring, audience: string): LinkTokens {
  const tokens = createSignedTokens(keyring, { purpose: 'link-token', audience, expired: 'told' });

  return {
    issue: ({ sessionId, teamId, userId, expiresAt, path: { region, clientId, opener } }) =>
      tokens.sign(sessionId, Math.floor(expiresAt / 1000), {
        team_id: teamId,
        user_id: userId,
        ...(region && { region }),
        ...(clientId && { client_id: clientId }),
        ...(opener && { opener }),
      }),

    async verify(text) {
      const payload = await tokens.open(text);
      if (!payload) return null;
      const { sub, exp, team_id: teamId, user_id: userId } = payload;
      if (!sub || !exp || typeof teamId !== 'string' || typeof userId !== 'string') return null;
      return { sessionId: sub, teamId, userId, expiresAt: exp * 1000, path: pathOf(payload) };
    },
  };
}

function pathOf({ region, client_id: clientId, opener }: JWTPayload): LinkPath {
  return {
    ...(typeof region === 'string' && isDexcomRegion(region) && { region }),
    ...(typeof clientId === 'string' && { clientId }),
    ...(typeof opener === 'string' && { opener }),
  };
}
