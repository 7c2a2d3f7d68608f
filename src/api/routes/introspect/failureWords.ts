import type { LastErrorType } from '../../../sync/lastErrorType';

/** What is kept of connections, and what reading events may meet beside that. */
type Told = LastErrorType | 'NeedsReauth' | 'AccountChanged';

interface Words {
  /** Vital's word (vital-api.md §7.3). */
  readonly details: string;
  readonly message: string;
}

const NEW_CONSENT: Words = { details: 'non_retriable_error', message: 'the grant needs a new consent' };
const OTHER_ACCOUNT: Words = { details: 'non_retriable_error', message: 'the grant answers for another account' };

const FAILURES: Readonly<Record<Told, Words>> = {
  TokenExpired: { details: 'provider_unavailable', message: 'Dexcom refused the access token' },
  Superseded: { details: 'resource_contention', message: 'a younger pull had begun' },
  RateLimited: { details: 'provider_rate_limit_exceeded', message: 'Dexcom asks for fewer calls' },
  DexcomUnavailable: { details: 'provider_unavailable', message: 'Dexcom did not answer as it should' },
  ClientRejected: { details: 'non_retriable_error', message: 'Dexcom does not know the app’s credentials' },
  revoked: NEW_CONSENT,
  rotation_lost: NEW_CONSENT,
  NeedsReauth: NEW_CONSENT,
  account_changed: OTHER_ACCOUNT,
  AccountChanged: OTHER_ACCOUNT,
  DatabaseAway: { details: 'resource_contention', message: 'the database did not answer' },
  Timeout: { details: 'transport_failure', message: 'an attempt took too long, or its worker was lost' },
  Unexpected: { details: 'unexpected_error', message: 'a fault of ours; the log has it' },
};

/** For a failure that was kept without any. @param type as it was kept; what nobody knows is a fault of ours */
export const failureWords = (type: string): Words => FAILURES[isTold(type) ? type : 'Unexpected'];

const isTold = (type: string): type is Told => Object.hasOwn(FAILURES, type);
