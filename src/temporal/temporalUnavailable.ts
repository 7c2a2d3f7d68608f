import { isGrpcServiceError } from '@temporalio/client';

/** Temporal cannot be reached, does not answer in time, or is not ready: nothing is wrong with the request, try again later. */
export class TemporalUnavailable extends Error {
  override readonly name = 'TemporalUnavailable';
}

/** gRPC status codes (the numbers are the protocol's). */
const DEADLINE_EXCEEDED = 4;
const RESOURCE_EXHAUSTED = 8;
const FAILED_PRECONDITION = 9;
const UNAVAILABLE = 14;
/** Too much is asked at once. */
export const isExhausted = (code: number | null): boolean => code === RESOURCE_EXHAUSTED;

const AWAY: readonly number[] = [DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, FAILED_PRECONDITION, UNAVAILABLE];

/** Runs `call`; what only time can mend is thrown as `TemporalUnavailable`, everything else as it is. */
export async function orUnavailable<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const code = grpcCode(error);
    if (code === null || !AWAY.includes(code)) throw error;
    throw new TemporalUnavailable('Temporal is not available', { cause: error });
  }
}

/** Status of a failed call, null if it is not one. The client wraps the service's error, sometimes twice. */
export function grpcCode(error: unknown): number | null {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof Error && error.cause !== undefined ? grpcCode(error.cause) : null;
}
