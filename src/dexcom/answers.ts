import type { StoredReading } from '../glucose/reading';
import type { LoggedEvent } from '../records/loggedEvent';

/** `expiresAt` counts from before the request was sent, so it errs early. Unix milliseconds. */
export interface DexcomTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** `[from, to)`, Unix milliseconds. */
export interface EgvWindow {
  readonly from: number;
  readonly to: number;
}

export interface EgvAnswer {
  /** Whose data it is: the account's id for this app. */
  readonly userId: string;
  /**
   * Each record id once; in no order. Twins are not matched yet: `twins` is empty. They come as history is stored, untold: a year of it is
   * stored without another copy.
   */
  readonly readings: readonly StoredReading[];
  readonly rejected: readonly RejectedRecord[];
}

export interface EventAnswer {
  readonly userId: string;
  /** In no order; a record id may come more than once. */
  readonly events: readonly LoggedEvent[];
  readonly rejected: readonly RejectedRecord[];
}

/** A record that could not be read. `reason` names the field and holds no value. */
export interface RejectedRecord {
  /** JSON, as sent. */
  readonly raw: string;
  readonly reason: string;
}

export interface DataRange {
  readonly userId: string;
  /** First and last reading served, Unix milliseconds, as widely as there can be any where Dexcom says nonsense; null if there is none. */
  readonly egvs: { readonly start: number; readonly end: number } | null;
}
