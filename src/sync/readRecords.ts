import type { EventAnswer } from '../dexcom/client';
import { afterFailedRecords, afterRecords, recordsDue, wantedRecords } from '../freshness/recordsDue';
import { changesKeepIds, oncePerRecord } from '../records/standing';
import type { Window } from '../storage/connectionDoc';
import { tokenPlace } from '../storage/grants';
import type { Pull } from './beginPull';
import type { SyncDeps } from './deps';
import { asSyncFailure } from './dexcomFailure';
import { lookAgain } from './lookAgain';
import { SyncFailure } from './syncFailure';

/**
 * Reads events beside a live pull if it is time to: with a cursor of their own, for no longer than the policy says. Never throws: what is the
 * matter is noted on the connection, and tried again with a later pull.
 */
export async function readRecords(deps: SyncDeps, pull: Pull): Promise<void> {
  const { connection, request } = pull;
  const { records: known, backfill, bounds } = connection;
  const { purpose, policy, signal } = request;
  const now = Date.now();
  const wanted = wantedRecords(backfill, bounds);
  const window = purpose === 'backfill' ? null : recordsDue(known, wanted, now, policy);
  if (!window) return;

  try {
    const read = await readWindow(deps, pull, window);
    await deps.pulls.noteRecords(connection, afterRecords(known, window, { wanted, now, ...read }, policy));
  } catch (error) {
    const failure = asSyncFailure(error);
    // A younger pull sees to it.
    if (signal.aborted || (failure instanceof SyncFailure && failure.type === 'Superseded')) return;
    const [type, retryAfterMs] = failure instanceof SyncFailure ? [failure.type, failure.retryAfterMs ?? null] : ['Unexpected', null];
    const after = afterFailedRecords(known, wanted, { type, at: Date.now(), retryAfterMs }, policy);
    // Where not even that can be written, the pull beside it cannot write either, and says so.
    await deps.pulls.noteRecords(connection, after).catch(() => undefined);
  }
}

/** @returns how many records there are, and whether one of them was changed under its own id */
async function readWindow(
  deps: SyncDeps,
  { connection, request, pullSeq }: Pull,
  window: Window,
): Promise<{ readonly found: number; readonly idsStay: boolean }> {
  const { teamId, _id: connectionId } = connection;
  const answer = await fetchEvents(deps, { connection, request }, window);
  // The pull of readings beside it sees the same, and says what becomes of the connection.
  if (answer.userId !== connection.dexcomUserId) throw new SyncFailure('AccountChanged', 'the grant answers for another Dexcom account');
  const events = oncePerRecord(answer.events).filter(({ at }) => at >= window.from && at < window.to);
  const kept = await deps.records.keptOf(connection, events);
  // After what is kept was read: what a younger pull writes from here on is not written over.
  await lookAgain(deps, { connection, pullSeq });

  const now = Date.now();
  await deps.quarantine.keep({ teamId, connectionId, recordType: 'event', seenAt: now }, answer.rejected);
  await deps.records.keep(connection, events, { kept, now });
  const idsStay = changesKeepIds(events, kept);
  return { found: answer.events.length, idsStay };
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
