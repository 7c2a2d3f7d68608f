import { unbrokenBackTo } from '../freshness/backfillWindows';
import { daysToRead } from '../glucose/merge';
import type { ConnectionDoc, Window } from '../storage/connectionDoc';
import type { SyncDeps } from './deps';
import type { PullRequest } from './pull';
import { SyncFailure } from './syncFailure';

/** A pull that has its number and nobody older beside it. */
export interface Pull {
  readonly request: PullRequest;
  /** As it was before this pull. */
  readonly connection: ConnectionDoc;
  readonly pullSeq: number;
  /** What is left to read and write of what was asked for. */
  readonly window: Window;
  /** Readings stored before it: until it ends, only it adds to them. */
  readonly readingsBefore: number;
}

/**
 * Raises the connection's `pullSeq`; if a pull has begun and not ended, fences the days it may still write, and counts what it has stored
 * without telling.
 * @throws SyncFailure `NotWanted`
 */
export async function beginPull(deps: SyncDeps, request: PullRequest): Promise<Pull> {
  const { from, to } = request;
  const begun = await deps.pulls.begin(request.connectionId, { from, to });
  if (!begun) throw new SyncFailure('NotWanted', 'the connection is paused or has ended');

  const { connection, pullSeq } = begun;
  const pull = { request, connection, pullSeq, window: whatIsLeft(connection, request) };
  const unfinished = new Set(connection.open.flatMap((window) => daysToRead(connection._id, window)));
  if (unfinished.size === 0) return { ...pull, readingsBefore: connection.readings };

  await deps.glucoseDays.fence(connection, [...unfinished], pullSeq);
  return { ...pull, readingsBefore: await deps.glucoseDays.countReadings(connection) };
}

/**
 * Live pulls never reach below the windows done: what lies there would be announced as news. A stretch of history goes on where an earlier
 * attempt at it has left off.
 */
function whatIsLeft({ backfill }: ConnectionDoc, { purpose, from, to }: PullRequest): Window {
  if (purpose !== 'backfill') return { from: Math.max(from, unbrokenBackTo(backfill)), to };
  const { doneBackTo } = backfill;
  return { from, to: from < doneBackTo && doneBackTo < to ? doneBackTo : to };
}
