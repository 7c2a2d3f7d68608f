import type { DexcomRegion } from '../dexcom/region';
import type { GrantIssuer } from '../dexcom/registration';
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
  /** Where the person's account lives, if the app knows; null or absent: the person is asked, if there is a choice. */
  readonly region?: DexcomRegion | null;
  readonly filterOnProviders: readonly string[] | null;
  readonly redirectUrl: string | null;
  readonly onClose: 'redirect' | null;
  /** The app that a sign-in goes to whose OAuth `state` is the bare link token; absent: every `state` names one. */
  readonly app?: GrantIssuer;
  /** Which of its user's links this is that were asked for with the same words; absent where nobody asked. */
  readonly asked?: Asked;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Every code ever claimed: none is sent to Dexcom twice, whatever became of it. */
  readonly spentCodeHashes: readonly string[];
  readonly step: LinkStep;
  /** The latest code whose consent was dropped because another user of the team has the account. */
  readonly refusedCodeHash?: string | null;
  /** Consumed, and its grant or connection may be missing: `reconcile` looks for these. */
  readonly unfinished: boolean;
}

export interface Asked {
  /** Of user and wishes. */
  readonly key: string;
  /** Counted from 1; the session's id names key and turn, so that each is had once. */
  readonly turn: number;
}

export type LinkStep = { readonly kind: 'open' } | ExchangingStep | ConsumedStep;

/** One claim of the session, by one code; `nonce` is the claim's name. */
export interface ExchangingStep {
  readonly kind: 'exchanging';
  readonly codeHash: string;
  readonly nonce: string;
  readonly leaseUntil: number;
}

export interface ConsumedStep {
  readonly kind: 'consumed';
  readonly codeHash: string;
  readonly consentId: string;
  readonly consentedAt: number;
  /** The app that was consented to. */
  readonly issuer?: GrantIssuer | undefined;
  /** Dropped once they stand in the grant, or nothing will come of this consent. */
  readonly tokens: LinkTokens | null;
  /** Somebody is renewing `tokens` and has until this instant; nobody else renews them or writes the account before. */
  readonly renewingUntil?: number | null;
  /** Known before the tokens become a grant's and are rotated there: from then on nobody renews those of the session. Dropped at the end. */
  readonly account?: ConsentedAccount | null;
  /** Its user may have the account; from then on nobody refuses it. Absent where the team does not mind. */
  readonly accepted?: boolean | null;
  /** Null while unfinished, and where nothing came of this consent. */
  readonly connectionId: string | null;
  /** A younger consent of the same person stood before this one was settled. Absent while unfinished. */
  readonly overtaken?: boolean;
}

/** How a consent was settled. */
export type ConsentEnd = Required<Pick<ConsumedStep, 'connectionId' | 'overtaken'>>;

/** Nothing came of a consent: its user is deleted, or Dexcom refuses its tokens for good. */
export const NOTHING: ConsentEnd = { connectionId: null, overtaken: false };

/** Whose account a consent opened, and what there is of it. */
export interface ConsentedAccount {
  readonly dexcomUserId: string;
  /** First reading Dexcom serves, Unix milliseconds; null: none yet. */
  readonly offeredFrom: number | null;
}

export interface LinkTokens {
  readonly access: Sealed;
  readonly refresh: Sealed;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** A session by its id, whose team is known. */
export type NamedSession = Pick<LinkSessionDoc, '_id' | 'teamId'>;
