import type { ConnectionDoc } from '../../../storage/connectionDoc';
import { lastErrorOf } from '../../connectionFields';
import { instant } from '../../instant';
import { failureWords } from './failureWords';

const LASTING: readonly string[] = ['revoked', 'rotation_lost', 'account_changed'];

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

  const { details, message } = failureWords(historyError.type);
  return { details, error: { type: historyError.type, message, at: instant(historyError.at) } };
}

const asTold = (error: LastError) => ({ details: failureWords(error.type).details, error });

/** Whether nothing is tried again before the person consents anew. */
export const isLasting = ({ lastError }: ConnectionDoc): boolean => lastError !== null && LASTING.includes(lastError.type);

type LastError = NonNullable<ReturnType<typeof lastErrorOf>>;
