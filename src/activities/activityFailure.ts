import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Logger } from '../log';
import { isDatabaseAway } from '../storage/databaseAway';
import { asSyncFailure } from '../sync/dexcomFailure';
import { SyncFailure, type SyncFailureType } from '../sync/syncFailure';

/** Part of a connection's ordinary life: nobody needs to be woken. */
const ORDINARY: readonly SyncFailureType[] = ['TokenExpired', 'Superseded', 'NotWanted'];

/** What waits for a call comes again without its workflow; longer than this, and the loop has better things to do. */
const LONGEST_WAIT_MS = 120_000;

/**
 * An error as a workflow's history may keep it: a type to react to and a message without token, name or glucose value. What is not known to be
 * free of them is logged, where secrets are struck out, and named by its type alone.
 */
export function asActivityFailure(thrown: unknown, log: Logger): ApplicationFailure {
  const error = asSyncFailure(thrown);
  if (error instanceof SyncFailure) return known(error);
  if (isOnlyDatabaseAway(error)) return ApplicationFailure.create({ type: 'DatabaseAway', message: 'the database does not answer' });

  log.error({ err: error }, 'an activity failed unexpectedly');
  const type = error instanceof Error ? error.name : 'Error';
  return ApplicationFailure.create({ type, message: 'unexpected, see the log of the worker' });
}

/** Parts that are done one by one all miss the same database. */
function isOnlyDatabaseAway(error: unknown): boolean {
  if (!(error instanceof AggregateError)) return isDatabaseAway(error);
  return error.errors.length > 0 && error.errors.every(isOnlyDatabaseAway);
}

function known({ type, message, retryAfterMs }: SyncFailure): ApplicationFailure {
  const comesBack = type === 'BudgetSpent' && retryAfterMs !== null;
  const isPutOff = comesBack || (type === 'RateLimited' && retryAfterMs !== null);
  return ApplicationFailure.create({
    type,
    message,
    // Only Dexcom's trouble may be over in seconds, unless Dexcom says itself that it will not.
    nonRetryable: comesBack ? retryAfterMs > LONGEST_WAIT_MS : type !== 'DexcomUnavailable' || retryAfterMs !== null,
    ...(retryAfterMs !== null && { details: [retryAfterMs] }),
    ...(comesBack && { nextRetryDelay: retryAfterMs }),
    ...((isPutOff || ORDINARY.includes(type)) && { category: ApplicationFailureCategory.BENIGN }),
  });
}
