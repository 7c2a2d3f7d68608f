import { DEXCOM_CADENCE_MS } from '../freshness/policy';
import { KEEP_ATTEMPTS_MS } from '../webhooks/logAttempt';

/** How the scheduled repair goes about it. Milliseconds; tests pass shorter ones. */
export interface ReconcilePolicy {
  readonly everyMs: number;
  /** A callback settles its own consent within seconds. */
  readonly unsettledMs: number;
  /** A poll this late is nobody's ordinary backoff: its workflow may be gone. */
  readonly overdueMs: number;
  /** A message is dispatched within seconds by whoever made it; one this old was left. */
  readonly undispatchedMs: number;
  /** How long one round of dispatching may take. */
  readonly dispatchForMs: number;
  /** Link sessions nobody can use any more are kept this long for whoever asks what happened. */
  readonly keepLinkSessionsMs: number;
  /** Bulk operations that are over are listed this long. */
  readonly keepBulkOperationsMs: number;
  /** Replays that are over are told of this long, and their idempotency keys known. */
  readonly keepReplaysMs: number;
  /** Attempts of webhooks are told this long. */
  readonly keepAttemptsMs: number;
  /** Looked at per page. */
  readonly pageSize: number;
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** Scales with the sensors, down to a few seconds. */
export function reconcilePolicyFor(cadenceMs: number): ReconcilePolicy {
  const scaled = (ms: number, leastMs: number): number => Math.max(leastMs, Math.round((ms * cadenceMs) / DEXCOM_CADENCE_MS));
  return {
    everyMs: scaled(60 * SECOND_MS, 10 * SECOND_MS),
    unsettledMs: 30 * SECOND_MS,
    overdueMs: scaled(120 * SECOND_MS, 10 * SECOND_MS),
    undispatchedMs: scaled(60 * SECOND_MS, 10 * SECOND_MS),
    dispatchForMs: 60 * SECOND_MS,
    keepLinkSessionsMs: 7 * DAY_MS,
    keepBulkOperationsMs: 7 * DAY_MS,
    keepReplaysMs: 7 * DAY_MS,
    keepAttemptsMs: KEEP_ATTEMPTS_MS,
    pageSize: 200,
  };
}
