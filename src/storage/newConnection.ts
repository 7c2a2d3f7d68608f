import { LONGEST_WINDOW_MS } from '../freshness/policy';
import type { ConnectionDoc } from './connections';

/**
 * A connection as its first consent makes it, due at once. `offeredFrom`: start of what Dexcom offers (dataRange); null if it has nothing yet,
 * which is looked at all the same: there is always a window of history, whose end is told.
 */
export function newConnection(
  first: Pick<ConnectionDoc, '_id' | 'teamId' | 'userId' | 'clientUserId' | 'dexcomUserId' | 'region' | 'consentedAt'> & {
    readonly offeredFrom: number | null;
  },
): ConnectionDoc {
  const { offeredFrom, ...known } = first;
  const { consentedAt } = known;
  const floor = offeredFrom !== null && offeredFrom < consentedAt ? offeredFrom : consentedAt - LONGEST_WINDOW_MS;
  return {
    ...known,
    provider: 'dexcom_v3',
    createdAt: consentedAt,
    liveFrom: consentedAt,
    desired: 'running',
    pullSeq: 0,
    open: [],
    backfill: {
      floor,
      ceiling: consentedAt,
      doneBackTo: consentedAt,
      windowsDone: 0,
      windowsTotal: Math.ceil((consentedAt - floor) / LONGEST_WINDOW_MS),
      readings: 0,
      startedAt: null,
      endedAt: null,
    },
    coveredUntil: consentedAt,
    freshness: { newestAt: null, delayMs: null, missesInARow: 0 },
    nextPollAt: consentedAt,
    nextSweepAt: consentedAt,
    nextDeepSweepAt: consentedAt,
    lastPollAt: null,
    lastSuccessAt: null,
    lastError: null,
    failures: 0,
    newestReadingAt: null,
    readings: 0,
  };
}
