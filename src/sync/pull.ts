import type { PullPurpose, PullResult } from '../activities';
import type { SyncPolicy } from '../freshness/policy';
import type { GlucoseDay } from '../storage/glucoseDays';
import { beginPull, type Pull } from './beginPull';
import type { SyncDeps } from './deps';
import { advancePull, endPull } from './endPull';
import { fetchSlices, type Slice } from './fetchSlices';
import { type Harvest, nothingYet, withSlice } from './harvest';
import { lookAgain } from './lookAgain';
import { mergeIntoDays } from './mergeIntoDays';
import { readPublished } from './readPublished';
import { readRecords } from './readRecords';
import { SyncFailure } from './syncFailure';

/** `[from, to)`, Unix milliseconds: at most `policy.longestWindowMs`, for a stretch of history any number of them. */
export interface PullRequest {
  readonly connectionId: string;
  readonly purpose: PullPurpose;
  readonly from: number;
  readonly to: number;
  readonly policy: SyncPolicy;
  /** A stretch of history leaves what would take it past this instant to the next pull. */
  readonly yieldAt?: number | undefined;
  /** Ends the fetch, and the writing between two days. That only saves work: whatever a pull leaves half done, the next one finishes. */
  readonly signal: AbortSignal;
}

/**
 * Reads a part of what Dexcom has into storage and records what is new about it, so that every reading of news is in exactly one `created`
 * whoever dies, sleeps or runs beside it (design §2, "Crash-safe novelty"; test/models/novelty). It is one window, or a stretch of history that
 * is read window by window.
 *
 * Database operations of a poll without news: 7, in 4 turns: begin · grant and unpublished days · (fetch) · look again and days · end and
 * count of undispatched messages. News of one day adds 4 and one per message: write · endpoints · numbers · messages · published. A further
 * window of a stretch costs 4, in 2 turns: advance, look again and days · new days in one, others by one each.
 * A few times a day events are read beside it.
 * @throws SyncFailure; the signal's reason if it is aborted
 */
export async function pull(deps: SyncDeps, request: PullRequest): Promise<PullResult> {
  const begun = await beginPull(deps, request);
  const beside = readRecords(deps, begun);
  try {
    return await pullReadings(deps, begun);
  } finally {
    await beside;
  }
}

async function pullReadings(deps: SyncDeps, begun: Pull): Promise<PullResult> {
  const slices = fetchSlices(deps, begun);
  let harvest = nothingYet(begun);
  let kept: Promise<unknown> = Promise.resolve();
  try {
    for (;;) {
      const { slice, retryAfterMs } = await nextSlice(deps, begun, slices, { harvest, kept });
      if (slice) harvest = await store(deps, begun, slice, harvest);
      if (!slice || slice.isLast) return { ...(await endPull(deps, begun, harvest)), retryAfterMs };
      kept = advancePull(deps, begun, harvest);
      // Its failure is met with the next window.
      kept.catch(() => undefined);
    }
  } finally {
    await slices.return();
  }
}

interface SoFar {
  readonly harvest: Harvest;
  /** Settled once the database has it. */
  readonly kept: Promise<unknown>;
}

/** A window that may be written. */
interface Ready extends Slice {
  readonly days: readonly GlucoseDay[];
}

interface Next {
  readonly slice: Ready | null;
  /** There are no calls left for this, for so long. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * The next window, and this pull may still write it. Null if it is left to the next pull because something of the stretch has been done: what
 * stands in the way will be met there, as the first thing. A limit must not be met so soon.
 *
 * Three questions in one turn, for none waits for another's answer: what was done before is kept, nobody younger has begun since the fetch, and
 * what the days are. Days read too early cost a round more, since they are written over the version read or not at all.
 */
async function nextSlice(deps: SyncDeps, pull: Pull, slices: AsyncGenerator<Slice, void>, { harvest, kept }: SoFar): Promise<Next> {
  try {
    const { value } = await slices.next();
    const reading = value ? readPublished(deps, pull, value.window) : null;
    await allOf([kept, lookAgain(deps, pull), reading]);
    pull.request.signal.throwIfAborted();
    return { slice: value && reading ? { ...value, days: await reading } : null };
  } catch (error) {
    await kept;
    if (harvest.doneBackTo < pull.request.to) return { slice: null, retryAfterMs: waitAfter(error, pull) };
    await deps.pulls.withdraw(pull, putOffUntil(error, pull));
    throw error;
  }
}

/** Leaves none of them behind. @throws the reason of the first that failed, once all have ended */
async function allOf(steps: readonly (Promise<unknown> | null)[]): Promise<void> {
  for (const outcome of await Promise.allSettled(steps)) if (outcome.status === 'rejected') throw outcome.reason;
}

const isLimit = (error: unknown): error is SyncFailure =>
  error instanceof SyncFailure && (error.type === 'RateLimited' || error.type === 'BudgetSpent');

const waitAfter = (error: unknown, { request: { policy } }: Pull): number | undefined =>
  isLimit(error) ? Math.max(policy.backoffFirstMs, error.retryAfterMs ?? 0) : undefined;

/** A poll that waits for a call is not overdue: nobody need look after it. */
function putOffUntil(error: unknown, { request: { purpose } }: Pull): number | null {
  return purpose !== 'backfill' && isLimit(error) && error.retryAfterMs !== null ? Date.now() + error.retryAfterMs : null;
}

async function store(deps: SyncDeps, pull: Pull, slice: Ready, before: Harvest): Promise<Harvest> {
  const { teamId, _id: connectionId } = pull.connection;
  const found = { teamId, connectionId, recordType: 'egv', seenAt: Date.now() } as const;
  const quarantined = await deps.quarantine.keep(found, slice.answer.rejected);
  const merged = await mergeIntoDays(deps, pull, slice, slice.days);
  return withSlice(pull, before, slice, { ...merged, quarantined });
}
