import type { Attempts } from '../storage/attempts';
import type { EndpointKey } from '../storage/deliveries';
import type { DeliveryFigures, Taken } from '../storage/deliveryFigures';

/** How an endpoint is doing; instants are Unix milliseconds. */
export interface EndpointStatistics {
  /** Taken, and given up, since the instant asked for; `MOST_COUNTED` stands for that many or more. */
  readonly accepted: number;
  readonly exhausted: number;
  /** Now, likewise. */
  readonly pending: number;
  /** Of the latest posts that were taken since then, `MOST_TIMED` at most; null if there were none. */
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
  readonly lastAcceptedAt: number | null;
  readonly lastFailedAt: number | null;
}

export const MOST_COUNTED = 10_000;
export const MOST_TIMED = 1_000;

/** @param since Unix milliseconds */
export async function statisticsOf(
  { figures, attempts }: { readonly figures: DeliveryFigures; readonly attempts: Attempts },
  key: EndpointKey,
  since: number,
): Promise<EndpointStatistics> {
  const [accepted, exhausted, pending, taken, lastFailedAt] = await Promise.all([
    figures.ended(key, 'accepted', since, MOST_COUNTED),
    figures.ended(key, 'exhausted', since, MOST_COUNTED),
    figures.pending(key, MOST_COUNTED),
    figures.lastTaken(key, MOST_TIMED),
    attempts.lastFailedAt(key),
  ]);
  return {
    accepted,
    exhausted,
    pending,
    latencyMs: latencyOf(taken, since),
    lastAcceptedAt: taken[0]?.lastAttemptAt ?? null,
    lastFailedAt,
  };
}

function latencyOf(taken: readonly Taken[], since: number): EndpointStatistics['latencyMs'] {
  const recent = taken.filter(({ lastAttemptAt }) => lastAttemptAt !== null && lastAttemptAt >= since);
  const sorted = recent.flatMap(({ lastLatencyMs }) => lastLatencyMs ?? []).sort((one, other) => one - other);
  const at = (share: number): number | undefined => sorted[Math.ceil(sorted.length * share) - 1];
  const [p50, p95] = [at(0.5), at(0.95)];
  return p50 === undefined || p95 === undefined ? null : { p50, p95 };
}
