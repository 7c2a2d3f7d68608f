import type { Sealed } from '../security/keyring';

/** The tokens of one connection's latest consent, encrypted. `rev` rises with every store: who writes names the one it read (design §2). */
export interface GrantDoc {
  /** connectionId */
  readonly _id: string;
  readonly teamId: string;
  readonly consentId: string;
  readonly consentedAt: number;
  readonly rev: number;
  readonly accessToken: Sealed;
  readonly refreshToken: Sealed;
  readonly accessTokenIssuedAt: number;
  readonly accessTokenExpiresAt: number;
  /** Recorded before a refresh token is sent; any answer strikes it out. One still standing means an answer may have been lost. */
  readonly intent: { readonly tokenHash: string; readonly at: number; readonly unanswered: boolean; readonly earlierUnanswered: boolean } | null;
  readonly needsReauth: { readonly reason: NeedsReauthReason; readonly at: number } | null;
}

export type NeedsReauthReason = 'revoked' | 'rotation_lost' | 'account_changed';
