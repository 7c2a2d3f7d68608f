/** An app that people connect to. */
export interface App {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
}

/** One person's consent to one app. Instants are Unix milliseconds of the simulated clock. */
export interface Grant {
  readonly id: string;
  readonly clientId: string;
  readonly personId: string;
  readonly consentedAt: number;
  readonly endedAt: number | null;
  /** When the person will withdraw it of their own accord. */
  readonly endsAt?: number;
}

/** Handed to the app through the browser; good once, for a minute. */
export interface Code {
  readonly code: string;
  readonly clientId: string;
  readonly personId: string;
  readonly redirectUri: string;
  readonly issuedAt: number;
  readonly usedAt: number | null;
}

/** A pair as the token endpoint answered it. */
export interface TokenPair {
  readonly grantId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionState: string;
  readonly issuedAt: number;
}

/** A refresh token spent, and whether its answer left the house. */
export interface Rotation {
  readonly id: string;
  readonly grantId: string;
  readonly personId: string;
  readonly clientId: string;
  readonly at: number;
  readonly spent: string;
  readonly successor: TokenPair;
  /** `issued` until the socket took the answer or was gone; `answered` does not prove arrival, `firstUsedAt` does. */
  readonly answer: 'issued' | 'answered' | 'dropped';
  /** Times the same successor was given again within the grace. */
  readonly repeats: number;
  /** When either of the successor's tokens first came back. */
  readonly firstUsedAt: number | null;
}
