import type { GrantIssuer } from './registration';

/** What a call is for, most urgent first: whoever counts them lets them go in this order where there are not enough for all. */
export type CallTurn =
  /** Codes, and whose account they opened, while somebody waits at a page. */
  | { readonly kind: 'signIn' }
  /** Renewed tokens, and whose account they open where nobody waits for it: everything else of this person stops without them. */
  | { readonly kind: 'token' }
  /** New readings. `since`: until when this person's are known, Unix milliseconds. */
  | { readonly kind: 'live'; readonly since: number }
  | { readonly kind: 'history' };

export const signIn: CallTurn = { kind: 'signIn' };
export const token: CallTurn = { kind: 'token' };

/** Counts every call of an app: Dexcom's limit is the app's, whoever it is that asks (dexcom-api.md §3.1). */
export interface CallGate {
  /** Resolves when one call may be sent, now. @throws DexcomError `budget_spent` with the wait */
  admit(app: GrantIssuer, turn: CallTurn): Promise<void>;
  /** Dexcom has answered 429. @param retryAfterMs as it asked @returns after how long this call may be tried again, milliseconds; null: nobody knows */
  refused(app: GrantIssuer, turn: CallTurn, retryAfterMs: number | null): Promise<number | null>;
}
