import type { EventAnswer } from '../dexcom/client';
import { afterFailedRecords, afterRecords, recordsDue } from '../freshness/recordsDue';
import { oncePerRecord } from '../records/standing';
import type { Window } from '../storage/connectionDoc';
import { tokenPlace } from '../storage/grants';
import type { Pull } from './beginPull';
import type { SyncDeps } from './deps';
import { asSyncFailure } from './dexcomFailure';
import { withinBounds } from './fetchWindow';
import { SyncFailure } from './syncFailure';

/**
 * Reads events beside a live pull if it is time to: with a cursor of their own, for no longer than the policy says. Never throws: what is the
 * matter is noted on the connection, and tried again with a later pull.
 */
export async function readRecords(deps: SyncDeps, { connection, request }: Pull): Promise<void> {
  const { records: known, backfill } = connection;
  const { purpose, policy, signal } = request;
  const now = Date.now();
  const window = purpose === 'backfill' ? null : recordsDue(known, backfill, now, policy);
  if (!window) return;

  const { floor } = backfill;
  try {
    const found = await readWindow(deps, { connection, request }, window);
    await deps.pulls.noteRecords(connection, afterRecords(known, window, { floor, now, found }, policy));
  } catch (error) {
    if (signal.aborted) return;
    const failure = asSyncFailure(error);
    const [type, retryAfterMs] = failure instanceof SyncFailure ? [failure.type, failure.retryAfterMs ?? null] : ['Unexpected', null];
    const after = afterFailedRecords(known, floor, { type, at: Date.now(), retryAfterMs }, policy);
    // Where not even that can be written, the pull beside it cannot write either, and says so.
    await deps.pulls.noteRecords(connection, after).catch(() => undefined);
  }
}

/** @returns how many records there are */
async function readWindow(deps: SyncDeps, { connection, request }: Pick<Pull, 'connection' | 'request'>, asked: Window): Promise<number> {
  const window = withinBounds(asked, connection.bounds);
  if (window.from >= window.to) return 0;

  const { teamId, _id: connectionId } = connection;
  const answer = await fetchEvents(deps, { connection, request }, window);
  // The pull of readings beside it sees the same, and says what becomes of the connection.
  if (answer.userId !== connection.dexcomUserId) throw new SyncFailure('AccountChanged', 'the grant answers for another Dexcom account');
  const latest = await deps.pulls.latest(connection);
  if (latest?.desired !== 'running') throw new SyncFailure('NotWanted', 'the connection was paused or has ended');

  const now = Date.now();
  await deps.quarantine.keep({ teamId, connectionId, recordType: 'event', seenAt: now }, answer.rejected);
  const events = oncePerRecord(answer.events).filter(({ at }) => at >= window.from && at < window.to);
  await deps.records.keep(connection, events, now);
  return answer.events.length;
}

async function fetchEvents(
  deps: SyncDeps,
  { connection, request }: Pick<Pull, 'connection' | 'request'>,
  window: Window,
): Promise<EventAnswer> {
  const grant = await deps.grants.read(connection.teamId, connection._id);
  if (!grant || grant.needsReauth) throw new SyncFailure('NeedsReauth', 'there is no grant to read events with');
  const accessToken = deps.keyring.open(grant.accessToken, tokenPlace(grant._id, 'accessToken'));
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(request.policy.recordsWithinMs)]);
  const dexcom = await deps.dexcom.clientFor({ teamId: grant.teamId, ...grant.issuer });
  return dexcom.events(accessToken, window, signal);
}
