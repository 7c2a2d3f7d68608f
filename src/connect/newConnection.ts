import { historyFloor } from '../freshness/historyFloor';
import { unreadHistory } from '../freshness/unreadHistory';
import { tellExpiryAfter } from '../life/consentEnd';
import type { ConnectionDoc } from '../storage/connectionDoc';

/**
 * A connection as its first consent makes it, due at once.
 * @param first.historyUntil what was measured before is history; left out: before the consent
 * @param first.offeredFrom start of what Dexcom offers (dataRange); null if it has nothing yet
 * @param first.daysToPull how much of it the team wants; null or left out: everything
 * @param first.pushed whether the team has history sent as news is
 */
export function newConnection(
  first: Pick<
    ConnectionDoc,
    '_id' | 'teamId' | 'userId' | 'clientUserId' | 'dexcomUserId' | 'region' | 'clientId' | 'bounds' | 'userRev' | 'consentedAt'
  > & {
    readonly historyUntil?: number;
    readonly offeredFrom: number | null;
    readonly daysToPull?: number | null;
    readonly pushed?: boolean;
  },
): ConnectionDoc {
  const { offeredFrom, daysToPull = null, pushed = false, historyUntil = first.consentedAt, ...known } = first;
  const { consentedAt } = known;
  const floor = historyFloor({ offeredFrom, until: historyUntil, daysToPull, notBefore: known.bounds?.from ?? null });
  return {
    ...known,
    provider: 'dexcom_v3',
    createdAt: consentedAt,
    liveFrom: historyUntil,
    desired: 'running',
    pullSeq: 0,
    open: [],
    history: { pullId: null, scheduledAt: consentedAt, offeredFrom, pushed },
    backfill: unreadHistory({ from: floor, to: historyUntil }),
    coveredUntil: historyUntil,
    freshness: { newestAt: null, delayMs: null, missesInARow: 0 },
    nextPollAt: consentedAt,
    nextSweepAt: consentedAt,
    nextDeepSweepAt: consentedAt,
    lastPollAt: null,
    lastSuccessAt: null,
    lastError: null,
    failures: 0,
    staleAt: null,
    tellExpiryAt: tellExpiryAfter(consentedAt, consentedAt),
    newestReadingAt: null,
    readings: 0,
  };
}
