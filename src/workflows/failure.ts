import { type ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';

/** What the loop needs to know of an activity that failed in all its attempts. */
export interface Failure {
  /** `TokenExpired`, `RateLimited`, `DexcomUnavailable` …, as the activities' contract names them; `QueueBusy` and `Timeout` are the server's. */
  readonly type: string;
  readonly message: string;
  /** Dexcom's own wish. */
  readonly retryAfterMs: number | null;
}

export function failureOf({ cause }: ActivityFailure): Failure {
  if (cause instanceof ApplicationFailure)
    return { type: cause.type ?? 'Error', message: cause.message, retryAfterMs: retryAfterOf(cause) };
  if (cause instanceof TimeoutFailure) {
    // Nobody took it in time: no attempt was made, so none has failed.
    const type = cause.timeoutType === 'SCHEDULE_TO_START' ? 'QueueBusy' : 'Timeout';
    return { type, message: 'the attempt took too long or its worker was lost', retryAfterMs: null };
  }
  return { type: 'Error', message: cause?.message ?? 'unknown', retryAfterMs: null };
}

function retryAfterOf({ type, details }: ApplicationFailure): number | null {
  const [wait] = details ?? [];
  return type === 'RateLimited' && typeof wait === 'number' ? wait : null;
}
