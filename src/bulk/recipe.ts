/** A connection as it goes from one engine to another (vital-api.md §3.6). */
export interface ConnectionRecipe {
  readonly userId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token runs out, Unix milliseconds. */
  readonly expiresAt: number;
}
