import { unbrokenBackTo } from '../freshness/backfillWindows';
import { daysToRead } from '../glucose/merge';
import type { ConnectionDoc, Window } from '../storage/connections';
import type { SyncDeps } from './deps';
import type { PullRequest } from './pull';
import { SyncFailure } from './syncFailure';

/** A pull that has its number and nobody older beside it. */
export interface Pull {
  readonly request: PullRequest;
  /** As it was before this pull. */
  readonly connection: ConnectionDoc;
  readonly pullSeq: number;
  /** What is read and written: the window asked for, cut where history begins that no backfill window has read yet. */
  readonly window: Window;
  /** An earlier pull died: what it would have counted must be counted anew. */
  readonly takesOver: boolean;
}

/**
 * Raises the connection's `pullSeq`; if a pull has begun and not ended, fences the days it may still write.
 * @throws SyncFailure `NotWanted`
 */
export async function beginPull(deps: SyncDeps, request: PullRequest): Promise<Pull> {
  const { from, to } = request;
  const begun = await deps.connections.beginPull(request.connectionId, { from, to });
  if (!begun) throw new SyncFailure('NotWanted', 'the connection is paused or has ended');

  const { connection, pullSeq } = begun;
  const unfinished = new Set(connection.open.flatMap((window) => daysToRead(connection._id, window)));
  if (unfinished.size > 0) await deps.glucoseDays.fence(connection, [...unfinished], pullSeq);
  return { request, connection, pullSeq, window: cut(connection, request), takesOver: unfinished.size > 0 };
}

/** Live pulls never reach below the windows done: what lies there would be announced as news. */
function cut({ backfill }: ConnectionDoc, { purpose, from, to }: PullRequest): Window {
  return purpose === 'backfill' ? { from, to } : { from: Math.max(from, unbrokenBackTo(backfill)), to };
}
