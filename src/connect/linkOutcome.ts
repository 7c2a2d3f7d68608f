/** How an attempt to connect ended, in the words the app is told (vital-api.md §3.2). */
export type LinkOutcome = { readonly state: 'success' } | LinkFailure;

export interface LinkFailure {
  readonly state: 'error';
  readonly errorType: LinkErrorType;
  /** For people. */
  readonly error: string;
}

export type LinkErrorType =
  | 'invalid_token'
  | 'token_expired'
  | 'token_consumed'
  | 'token_not_validated'
  | 'provider_credential_error'
  | 'provider_api_error'
  | 'user_cancelled';

export const linked: LinkOutcome = { state: 'success' };

export const linkFailed = (errorType: LinkErrorType, error: string): LinkFailure => ({ state: 'error', errorType, error });

export const tokenExpired = linkFailed('token_expired', 'This link has expired. Please ask for a new one.');
export const tokenConsumed = linkFailed('token_consumed', 'This link has been used already.');
export const tokenInvalid = linkFailed('invalid_token', 'This link is not valid. Please ask for a new one.');
export const userCancelled = linkFailed('user_cancelled', 'You did not connect your Dexcom account.');
export const tryAgain = linkFailed('token_not_validated', 'Connecting was interrupted. Please try again.');
