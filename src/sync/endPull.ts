import type { PullResult } from '../activities';
import { unbrokenBackTo } from '../freshness/backfillWindows';
import { afterUpload, mayReachBack } from '../freshness/lateUpload';
import { afterLook } from '../freshness/schedule';
import { staleAt } from '../freshness/staleAt';
import { isRefusedGrant } from '../life/lifeOf';
import type { ConnectionDoc, FreshnessState, PullClosing } from '../storage/connectionDoc';
import { messageId } from '../webhooks/messageId';
import { historicalCompleted } from '../webhooks/payloads';
import { recordMessage } from '../webhooks/recordMessage';
import type { Pull } from './beginPull';
import type { SyncDeps } from './deps';
import type { Harvest } from './harvest';
import { SyncFailure } from './syncFailure';
import { type Recovered, tellRecovered } from './tellRecovered';

/**
 * Ends a pull and closes the connection's books.
 * @throws SyncFailure `Superseded`
 */
export async function endPull(deps: SyncDeps, pull: Pull, harvest: Harvest): Promise<PullResult> {
  const { connection, pullSeq } = pull;
  const closing = await closingOf(deps, pull, harvest);
  const [ended, messages] = await Promise.all([
    deps.pulls.end(connection, pullSeq, closing),
    deps.messages.countUndispatchedOf(connection),
  ]);
  if (!ended) throw superseded();

  const { created, updated, readings, quarantined, newestAt, doneBackTo } = harvest;
  const nextPollAt = closing.live?.nextPollAt ?? connection.nextPollAt;
  const result = { created, updated, readings, quarantined, messages, newestAt, nextPollAt, doneBackTo };
  if (!closing.live) return result;
  const { coveredUntil, nextDeepSweepAt } = closing.live;
  return { ...result, coveredUntil, nextDeepSweepAt };
}

/**
 * Keeps what a pull that goes on has done so far: who finds it dead need not do it again.
 * @throws SyncFailure `Superseded`
 */
export async function advancePull(deps: SyncDeps, pull: Pull, harvest: Harvest): Promise<void> {
  const advanced = await deps.pulls.advance(pull.connection, pull.pullSeq, await closingOf(deps, pull, harvest));
  if (!advanced) throw superseded();
}

/** Tells that the history is complete if it is now, and only then lets it be written: a message that is there twice is one message, one that is not there is lost. */
async function closingOf(deps: SyncDeps, pull: Pull, harvest: Harvest): Promise<PullClosing> {
  const { added, newestAt: newestReadingAt, backfill } = harvest;
  const closing = { now: Date.now(), readings: pull.readingsBefore + added, newestReadingAt };
  if (pull.request.purpose !== 'backfill') {
    const live = liveAfter(pull, harvest);
    const recovered = await tellRecovered(deps, pull.connection, live.freshness.newestAt, closing.now);
    return { ...closing, live: { ...live, ...staleNext(pull, live, recovered), ...recovered, ...errorNext(pull, recovered, closing.now) } };
  }
  // Read again, and no further than before: there may be another history to be read by now.
  if (backfill === pull.connection.backfill) return closing;

  if (backfill.endedAt !== null) await tellHistory(deps, pull);
  return { ...closing, backfill };
}

function liveAfter({ connection, request, window }: Pull, { lookedAt, newestAt, created }: Harvest): NonNullable<PullClosing['live']> {
  const { coveredUntil, liveFrom, freshness, nextSweepAt, nextDeepSweepAt, bounds, backfill } = connection;
  const { purpose, policy, from, to } = request;
  // What lies after the end of the ingestion has not been asked for: should the end move, it is still to be read.
  const reached = Math.min(to, lookedAt, bounds?.to ?? Infinity);
  const covered = window.from <= coveredUntil ? Math.max(coveredUntil, reached) : coveredUntil;
  // A full window that is no sweep catches up and has not reached now: nothing to learn, and the next one is due.
  const behind = purpose === 'live' && to - from >= policy.longestWindowMs && covered > coveredUntil;
  const look = { now: lookedAt, newestAt, created };
  const after = behind ? { state: freshness, nextPollAt: lookedAt } : afterLook(freshness, look, policy);
  const deepSweepAt = mayReachBack(freshness, look, policy) ? lookedAt : nextDeepSweepAt;
  const { unread, late } = behind ? { unread: null, late: freshness.late } : afterUpload(freshness, liveFrom, look, policy);
  return {
    // What is not read as history yet will be, whatever has come there.
    coveredUntil: unread === null ? covered : Math.min(covered, Math.max(unread, unbrokenBackTo(backfill))),
    freshness: withLate(after.state, late),
    nextPollAt: unread === null ? after.nextPollAt : lookedAt,
    nextSweepAt: purpose === 'live' ? nextSweepAt : lookedAt + policy.sweepEveryMs,
    nextDeepSweepAt: purpose === 'deepSweep' ? lookedAt + policy.deepSweepEveryMs : deepSweepAt,
  };
}

const withLate = ({ late: _, ...freshness }: FreshnessState, late: FreshnessState['late']): FreshnessState => ({
  ...freshness,
  ...(late && { late }),
});

/** A silence that lasts is told already, or is about to be: by `reconcile`, which has noted it. */
function staleNext(
  { connection, request }: Pull,
  { freshness }: Pick<ConnectionDoc, 'freshness'>,
  { silence }: Recovered,
): Pick<ConnectionDoc, 'staleAt'> {
  if (connection.silence && silence === undefined) return {};
  return { staleAt: staleAt(freshness, connection.consentedAt, request.policy) };
}

/** A pull that ends well ends what was wrong, but a refusal that was told: with the last access token everything is well for minutes more. */
function errorNext(
  { connection: { lastError, toldError } }: Pull,
  recovered: Recovered,
  now: number,
): Pick<NonNullable<PullClosing['live']>, 'lastError' | 'connectedSince'> {
  if (!lastError) return { lastError: null };
  const lasts = isRefusedGrant(lastError.type) && toldError != null && recovered.toldError === undefined;
  return lasts ? {} : { lastError: null, connectedSince: now };
}

const tellHistory = (deps: SyncDeps, { connection }: Pull): Promise<void> =>
  recordMessage(deps, {
    id: messageId('historical', connection._id, connection.history?.pullId ?? connection.liveFrom),
    teamId: connection.teamId,
    userId: connection.userId,
    connectionId: connection._id,
    ...historicalCompleted(connection, { from: connection.backfill.floor, to: connection.backfill.ceiling }),
  });

const superseded = (): SyncFailure => new SyncFailure('Superseded', 'a younger pull has begun');
