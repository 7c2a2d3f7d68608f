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
  | 'unsupported_region'
  | 'duplicate_connection'
  | 'required_scopes_not_granted'
  | 'user_cancelled';

export const linked: LinkOutcome = { state: 'success' };

const linkFailed = (errorType: LinkErrorType, error: string): LinkFailure => ({ state: 'error', errorType, error });

export const tokenExpired = linkFailed('token_expired', 'This link has expired. Please ask for a new one.');
export const tokenConsumed = linkFailed('token_consumed', 'This link has been used already.');
export const tokenInvalid = linkFailed('invalid_token', 'This link is not valid. Please ask for a new one.');
export const userCancelled = linkFailed('user_cancelled', 'You did not connect your Dexcom account.');
export const tryAgain = linkFailed('token_not_validated', 'Connecting was interrupted. Please try again.');
export const signInRefused = linkFailed('provider_credential_error', 'Dexcom did not accept the sign-in. Please try again.');
export const signInUnfinished = linkFailed('provider_api_error', 'Dexcom did not finish the sign-in. Please try again.');
export const dexcomAway = linkFailed('provider_api_error', 'Dexcom could not be reached. Please try again later.');
/** The consent is kept and settled once Dexcom answers; only then is it known whose account it is. */
export const notSettledYet = linkFailed(
  'provider_api_error',
  'Dexcom has not answered yet. Your account will be connected as soon as it does, unless another user of this app has it already.',
);
/** The app's credentials, or its cap on people (dexcom-api.md F24): nothing a person can mend. */
export const appRefused = linkFailed(
  'provider_api_error',
  'Dexcom does not let this app connect anybody right now. Please tell its makers.',
);
export const regionUnsupported = linkFailed('unsupported_region', 'Dexcom accounts of this region cannot be connected here.');
export const accountTaken = linkFailed('duplicate_connection', 'This Dexcom account is connected to another user of this app already.');
/** Consent is all or nothing (dexcom-api.md §1.2): without `offline_access` there is none. */
export const scopesMissing = linkFailed('required_scopes_not_granted', 'Dexcom was not allowed to share your readings. Please try again.');
