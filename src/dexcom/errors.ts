export type DexcomErrorKind =
  /** 401 from a data endpoint. */
  | 'token_expired'
  /** Said so by the token endpoint in JSON; nothing else is one (dexcom-api.md F2). */
  | 'invalid_grant'
  /** The operator's credentials, or the app's cap on users: no user's fault. */
  | 'invalid_client'
  /** Nothing was sent: there are no credentials for that app or region. */
  | 'not_configured'
  | 'rate_limited'
  /** Nothing was sent: the app has no calls left for this just now. */
  | 'budget_spent'
  /** 5xx, no connection, no answer in time. */
  | 'unavailable'
  /** 200 with something else than was asked for. */
  | 'garbage'
  /** Any other answer than 2xx. */
  | 'refused';

/** Its message names endpoint and status, never a body, a token or a value. */
export class DexcomError extends Error {
  override readonly name = 'DexcomError';

  constructor(
    readonly kind: DexcomErrorKind,
    message: string,
    /** HTTP; null if no answer came. */
    readonly status: number | null = null,
    /** As Dexcom asked (Retry-After), or whoever counts its calls, milliseconds. */
    readonly retryAfterMs: number | null = null,
    /** What its clock says (Date), Unix milliseconds. */
    readonly serverNow: number | null = null,
  ) {
    super(message);
  }
}
