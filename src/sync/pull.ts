import type { PullPurpose, PullResult } from '../activities';
import type { EgvAnswer } from '../dexcom/client';
import type { SyncPolicy } from '../freshness/policy';
import { beginPull, type Pull } from './beginPull';
import { currentGrant } from './currentGrant';
import type { SyncDeps } from './deps';
import { endPull } from './endPull';
import { fetchWindow } from './fetchWindow';
import { type Merged, mergeIntoDays } from './mergeIntoDays';
import { publishUnpublished } from './publishNews';
import { SyncFailure } from './syncFailure';

/** `[from, to)`, Unix milliseconds, at most `policy.longestWindowMs`. */
export interface PullRequest {
  readonly connectionId: string;
  readonly purpose: PullPurpose;
  readonly from: number;
  readonly to: number;
  readonly policy: SyncPolicy;
  /** Ends the fetch, and the writing between two days. That only saves work: whatever a pull leaves half done, the next one finishes. */
  readonly signal: AbortSignal;
}

/** Sensors and phones whose clocks are ahead say nothing about when the next reading is due. */
const CLOCK_AHEAD_MS = 5 * 60_000;

/**
 * Reads one window of Dexcom's into storage and records what is new about it, so that every reading of news is in exactly one `created`
 * whoever dies, sleeps or runs beside it (design §2, "Crash-safe novelty"; test/models/novelty).
 *
 * Database operations of a poll without news: 7, in 5 turns: begin · grant and unpublished days · (fetch) · look again · days · end and count
 * of undispatched messages. News of one day adds 3 and one per message: write · endpoints · messages · published.
 * @throws SyncFailure; the signal's reason if it is aborted
 */
export async function pull(deps: SyncDeps, request: PullRequest): Promise<PullResult> {
  const begun = await beginPull(deps, request);
  const { lookedAt, answer } = await look(deps, begun).catch(async (error: unknown) => {
    await deps.connections.withdrawPull(begun);
    throw error;
  });

  const quarantined = await quarantine(deps, begun, answer);
  const merged = await mergeIntoDays(deps, begun, answer.readings);
  return endPull(deps, begun, {
    lookedAt,
    quarantined,
    newestAt: newestOf(answer, lookedAt),
    readings: inWindow(merged, begun),
    ...merged,
  });
}

/** All of a pull that writes no day but to say that it is published. */
async function look(deps: SyncDeps, begun: Pull): Promise<{ lookedAt: number; answer: EgvAnswer }> {
  const [grant] = await Promise.all([currentGrant(deps, begun.connection), publishUnpublished(deps, begun.connection)]);
  const lookedAt = Date.now();
  const answer = await fetchWindow(deps, begun, grant);
  await lookAgain(deps, begun);
  return { lookedAt, answer };
}

/** Writers are ordered as their fetches: what was fetched before a younger pull began may be older than what that one has written. */
async function lookAgain({ connections }: SyncDeps, { connection, pullSeq }: Pull): Promise<void> {
  const latest = await connections.latestPull(connection);
  if (latest?.desired !== 'running') throw new SyncFailure('NotWanted', 'the connection was paused or has ended');
  if (latest.pullSeq > pullSeq) throw new SyncFailure('Superseded', 'a younger pull has begun');
}

const quarantine = (deps: SyncDeps, { connection }: Pull, { rejected }: EgvAnswer): Promise<number> =>
  deps.quarantine.keep({ teamId: connection.teamId, connectionId: connection._id, recordType: 'egv', seenAt: Date.now() }, rejected);

function newestOf({ readings }: EgvAnswer, now: number): number | null {
  let newest: number | null = null;
  for (const { at } of readings) if (at <= now + CLOCK_AHEAD_MS && (newest === null || at > newest)) newest = at;
  return newest;
}

const inWindow = ({ days }: Merged, { window }: Pull): number =>
  days.reduce((sum, { readings }) => sum + readings.filter(({ at }) => at >= window.from && at < window.to).length, 0);
