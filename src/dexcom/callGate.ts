import type { GrantIssuer } from './registration';

/** What a call is for, most urgent first: whoever counts them lets them go in this order where there are not enough for all. */
export type CallTurn =
  /** Codes, tokens, whose account it is: somebody waits, or everything stops without it. */
  | { readonly kind: 'access' }
  /** New readings. `since`: until when this person's are known, Unix milliseconds. */
  | { readonly kind: 'live'; readonly since: number }
  | { readonly kind: 'history' };

export const access: CallTurn = { kind: 'access' };

/** Counts every call of an app: Dexcom's limit is the app's, whoever it is that asks (dexcom-api.md §3.1). */
export interface CallGate {
  /** Resolves when one call may be sent, now. @throws DexcomError `budget_spent` with the wait */
  admit(app: GrantIssuer, turn: CallTurn): Promise<void>;
  /** Dexcom has answered 429. @param retryAfterMs as it asked @returns after how long this call may be tried again, milliseconds; null: nobody knows */
  refused(app: GrantIssuer, turn: CallTurn, retryAfterMs: number | null): Promise<number | null>;
}
