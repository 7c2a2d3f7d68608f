import type { ConnectionDoc } from '../../../storage/connectionDoc';
import { type LastErrorType, lastErrorType } from '../../../sync/lastErrorType';
import { lastErrorOf } from '../../connectionFields';
import { instant } from '../../instant';

/** Vital's words (vital-api.md §7.3), and ours for a failure that was kept without any. */
const FAILURES: Readonly<Record<LastErrorType, readonly [details: string, message: string]>> = {
  TokenExpired: ['provider_unavailable', 'Dexcom refused the access token'],
  Superseded: ['resource_contention', 'a younger pull had begun'],
  RateLimited: ['provider_rate_limit_exceeded', 'Dexcom asks for fewer calls'],
  DexcomUnavailable: ['provider_unavailable', 'Dexcom did not answer as it should'],
  ClientRejected: ['non_retriable_error', 'Dexcom does not know the app’s credentials'],
  revoked: ['non_retriable_error', 'the grant needs a new consent'],
  rotation_lost: ['non_retriable_error', 'the grant needs a new consent'],
  account_changed: ['non_retriable_error', 'the grant answers for another account'],
  DatabaseAway: ['resource_contention', 'the database did not answer'],
  Timeout: ['transport_failure', 'an attempt took too long, or its worker was lost'],
  Unexpected: ['unexpected_error', 'a fault of ours; the log has it'],
};

const LASTING: readonly LastErrorType[] = ['revoked', 'rotation_lost', 'account_changed'];

const kindOf = (type: string): LastErrorType => lastErrorType(type) ?? 'Unexpected';

/** Why history is not being read as it should, while there is some to read. */
export function pullFailureOf(connection: ConnectionDoc): { readonly details: string; readonly error: LastError } | null {
  const { historyError, backfill, lastSuccessAt } = connection;
  if (backfill.endedAt !== null) return null;
  const last = lastErrorOf(connection);
  if (last && isLasting(connection)) return asTold(last);
  if (!historyError) {
    // A live pull that succeeds takes its error away: what has succeeded since is history.
    const isLivesAlone = lastSuccessAt !== null && connection.lastError !== null && connection.lastError.at < lastSuccessAt;
    return last && !isLivesAlone ? asTold(last) : null;
  }

  const [details, message] = FAILURES[kindOf(historyError.type)];
  return { details, error: { type: historyError.type, message, at: instant(historyError.at) } };
}

const asTold = (error: LastError) => ({ details: FAILURES[kindOf(error.type)][0], error });

/** Whether nothing is tried again before the person consents anew. */
export const isLasting = ({ lastError }: ConnectionDoc): boolean => lastError !== null && LASTING.includes(kindOf(lastError.type));

type LastError = NonNullable<ReturnType<typeof lastErrorOf>>;
