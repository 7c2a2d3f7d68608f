import type { ConnectionSnapshot, PullResult } from '../../src/activities';
import { policyFor } from '../../src/freshness/policy';
import { nextStep, type Pull } from '../../src/workflows/nextStep';
import { newState, type SyncState } from '../../src/workflows/syncState';

export const NOW = Date.parse('2026-11-22T12:00:00Z');
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const policy = policyFor(5 * MINUTE);

/** A connection of a year ago with all its history read, polled a moment ago. */
export const idle: SyncState = {
  ...newState,
  desired: 'running',
  stale: false,
  token: { ...newState.token, expiresAt: NOW + 2 * HOUR, refreshAt: NOW + 2 * HOUR - 5 * MINUTE },
  live: {
    ...newState.live,
    liveFrom: NOW - 365 * DAY,
    coveredUntil: NOW - 5 * MINUTE,
    nextPollAt: NOW + MINUTE,
    nextSweepAt: NOW + HOUR,
    nextDeepSweepAt: NOW + DAY,
  },
  backfill: { floor: NOW - 700 * DAY, ceiling: NOW - 365 * DAY, doneBackTo: NOW - 700 * DAY, skipped: [] },
};

/** When it is polled now. */
export const due = { ...idle.live, nextPollAt: NOW };

/** The same connection a minute after its consent, a year of history ahead. */
export const connected: SyncState = {
  ...idle,
  live: { ...idle.live, liveFrom: NOW - MINUTE, coveredUntil: NOW - MINUTE },
  backfill: { floor: NOW - 365 * DAY, ceiling: NOW - MINUTE, doneBackTo: NOW - MINUTE },
};

export const snapshot: ConnectionSnapshot = {
  connectionId: 'connection',
  desired: 'running',
  accessTokenExpiresAt: NOW + 2 * HOUR,
  needsReauth: null,
  liveFrom: NOW - MINUTE,
  coveredUntil: NOW - MINUTE,
  nextPollAt: NOW,
  nextSweepAt: NOW + HOUR,
  nextDeepSweepAt: NOW + DAY,
  backfill: { floor: NOW - 365 * DAY, ceiling: NOW - MINUTE, doneBackTo: NOW - MINUTE },
  failures: 0,
};

export const nothingNew: PullResult = {
  created: 0,
  updated: 0,
  readings: 0,
  quarantined: 0,
  messages: 0,
  newestAt: null,
  nextPollAt: NOW + 5 * MINUTE,
  doneBackTo: 0,
};

/** All that was asked for has been read. */
export const readBy = ({ from }: Pull, result: PullResult = nothingNew): PullResult => ({ ...result, doneBackTo: from });

export const failed = (type: string, retryAfterMs: number | null = null) => ({ type, message: 'it failed', retryAfterMs });

export const step = (state: SyncState, now = NOW) => nextStep(state, now, policy);

/** @throws if it is none */
export function pullOf(next: ReturnType<typeof step>): Pull {
  if (next.kind !== 'pull') throw new Error(`expected a pull, got ${next.kind}`);
  return next;
}
