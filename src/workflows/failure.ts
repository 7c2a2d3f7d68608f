import { ActivityFailure, ApplicationFailure, TemporalFailure, TimeoutFailure } from '@temporalio/workflow';
import type { PutOff } from './syncState';

/** What the loop needs to know of an activity that failed in all its attempts. */
export interface Failure {
  /** `TokenExpired`, `RateLimited`, `DexcomUnavailable` …, as the activities' contract names them; `QueueBusy` and `Timeout` are the server's. */
  readonly type: string;
  readonly message: string;
  /** Dexcom's own wish, or the budget's of its calls. */
  readonly retryAfterMs: number | null;
}

/** Only put off: there are no calls for it just now, which is nobody's fault, and no reason to come back later each time. */
export interface Delay extends Failure {
  readonly type: PutOff;
  readonly retryAfterMs: number;
}

export const isOnlyPutOff = (failure: Failure): failure is Delay => isPutOff(failure.type) && failure.retryAfterMs !== null;

const isPutOff = (type: string | null | undefined): type is PutOff => type === 'RateLimited' || type === 'BudgetSpent';

/** @throws `error` itself if it is not an activity's: that is a fault of the workflow, and travels on */
export function failureOf(error: unknown): Failure {
  // A local activity's failure comes bare.
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    return { type: cause.type ?? 'Unexpected', message: cause.message, retryAfterMs: retryAfterOf(cause) };
  }
  if (cause instanceof TimeoutFailure) {
    // Nobody took it in time: no attempt was made, so none has failed.
    const type = cause.timeoutType === 'SCHEDULE_TO_START' ? 'QueueBusy' : 'Timeout';
    return { type, message: 'the attempt took too long or its worker was lost', retryAfterMs: null };
  }
  if (cause instanceof TemporalFailure) return { type: 'Unexpected', message: cause.message, retryAfterMs: null };
  throw error;
}

function retryAfterOf({ type, details }: ApplicationFailure): number | null {
  const [wait] = details ?? [];
  return isPutOff(type) && typeof wait === 'number' ? wait : null;
}
