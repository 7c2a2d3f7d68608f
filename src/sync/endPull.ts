import type { PullResult } from '../activities';
import { afterWindow, isComplete, windowsLeft } from '../freshness/backfillWindows';
import { afterLook } from '../freshness/schedule';
import type { BackfillProgress, PullClosing } from '../storage/connections';
import { messageId } from '../webhooks/messageId';
import { historicalCompleted } from '../webhooks/payloads';
import { recordMessage } from '../webhooks/recordMessage';
import type { Pull } from './beginPull';
import type { SyncDeps } from './deps';
import { SyncFailure } from './syncFailure';

/** What a pull has done. */
export interface Harvest {
  /** When Dexcom was asked. */
  readonly lookedAt: number;
  readonly newestAt: number | null;
  readonly readings: number;
  /** Stored for the first time, history included. */
  readonly added: number;
  readonly created: number;
  readonly updated: number;
  readonly quarantined: number;
}

/**
 * Ends a pull: tells that the history is complete if it is now, then closes the connection's books, in this order: a message that is there
 * twice is one message, one that is not there is lost.
 * @throws SyncFailure `Superseded`
 */
export async function endPull(deps: SyncDeps, pull: Pull, harvest: Harvest): Promise<PullResult> {
  const { connection, pullSeq, request } = pull;
  const backfill = request.purpose === 'backfill' ? historyAfter(pull, harvest) : null;
  if (backfill?.endedAt != null) await tellHistory(deps, pull);

  const live = backfill ? null : liveAfter(pull, harvest);
  const closing: PullClosing = {
    now: Date.now(),
    readings: pull.takesOver ? { counted: await deps.glucoseDays.countReadings(connection) } : { added: harvest.added },
    newestReadingAt: harvest.newestAt,
    ...(live && { live }),
    ...(backfill && { backfill }),
  };
  const [ended, messages] = await Promise.all([
    deps.connections.endPull(connection, pullSeq, closing),
    deps.messages.countUndispatchedOf(connection._id),
  ]);
  if (!ended) throw new SyncFailure('Superseded', 'a younger pull has begun');

  const { created, updated, readings, quarantined, newestAt } = harvest;
  return { created, updated, readings, quarantined, messages, newestAt, nextPollAt: live?.nextPollAt ?? connection.nextPollAt };
}

type Live = NonNullable<PullClosing['live']>;

function liveAfter({ connection, request, window }: Pull, { lookedAt, newestAt, created }: Harvest): Live {
  const { coveredUntil, freshness, nextSweepAt, nextDeepSweepAt } = connection;
  const { purpose, policy, from, to } = request;
  const covered = window.from <= coveredUntil ? Math.max(coveredUntil, Math.min(to, lookedAt)) : coveredUntil;
  // A full window that is no sweep catches up and has not reached now: nothing to learn, and the next one is due.
  const behind = purpose === 'live' && to - from >= policy.longestWindowMs;
  const look = behind ? { state: freshness, nextPollAt: lookedAt } : afterLook(freshness, { now: lookedAt, newestAt, created }, policy);
  return {
    coveredUntil: covered,
    freshness: look.state,
    nextPollAt: look.nextPollAt,
    nextSweepAt: purpose === 'live' ? nextSweepAt : lookedAt + policy.sweepEveryMs,
    nextDeepSweepAt: purpose === 'deepSweep' ? lookedAt + policy.deepSweepEveryMs : nextDeepSweepAt,
  };
}

function historyAfter({ connection, window, request }: Pull, { lookedAt, readings }: Harvest): BackfillProgress {
  const before = connection.backfill;
  const after = afterWindow(before, window);
  const left = [...windowsLeft(after, request.policy.longestWindowMs)].length;
  const leftBefore = [...windowsLeft(before, request.policy.longestWindowMs)].length;
  if (left === leftBefore && after.doneBackTo === before.doneBackTo) return before;

  const windowsDone = before.windowsDone + 1;
  return {
    ...after,
    windowsDone,
    windowsTotal: windowsDone + left,
    readings: before.readings + readings,
    startedAt: before.startedAt ?? lookedAt,
    endedAt: isComplete(after) ? Date.now() : null,
  };
}

const tellHistory = (deps: SyncDeps, { connection }: Pull): Promise<void> =>
  recordMessage(deps, {
    id: messageId('historical', connection._id, connection.history?.pullId ?? connection.liveFrom),
    teamId: connection.teamId,
    userId: connection.userId,
    connectionId: connection._id,
    ...historicalCompleted(connection, { from: connection.backfill.floor, to: connection.backfill.ceiling }),
  });
