import type { Sealed } from '../security/keyring';

/**
 * One attempt to connect a person: open → exchanging → consumed, each step filtered by the claim's nonce, so that one session gives one
 * grant whoever dies in between (design §3; test/models/linkSession).
 */
export interface LinkSessionDoc {
  /** UUID; `sub` of the link token. */
  readonly _id: string;
  readonly teamId: string;
  readonly userId: string;
  readonly provider: string | null;
  readonly filterOnProviders: readonly string[] | null;
  readonly redirectUrl: string | null;
  readonly onClose: 'redirect' | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly step: LinkStep;
}

export type LinkStep =
  | { readonly kind: 'open'; readonly failedCodeHash?: string }
  | { readonly kind: 'exchanging'; readonly codeHash: string; readonly nonce: string; readonly leaseUntil: number }
  | {
      readonly kind: 'consumed';
      readonly codeHash: string;
      readonly consentId: string;
      readonly consentedAt: number;
      /** Dropped once grant and connection stand. */
      readonly tokens: { readonly access: Sealed; readonly refresh: Sealed; readonly expiresAt: number } | null;
      readonly connectionId: string | null;
    };
