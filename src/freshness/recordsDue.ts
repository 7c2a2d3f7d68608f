import type { BackfillWindows, Window } from './backfillWindows';
import type { SyncPolicy } from './policy';

/** How far events (insulin, meals, exercise, notes) have been read. They are read beside the readings, which never wait for them. */
export interface RecordsProgress {
  /** Everything from here … */
  readonly floor: number;
  /** … to here has been read once, and the end of it again with each look. */
  readonly coveredUntil: number;
  /** When they are read next, Unix milliseconds. */
  readonly nextAt: number;
  /** Somebody who writes something down is looked at more often. */
  readonly any: boolean;
  /** A change came under its record's own id: no other record is taken for a change of one (src/records/standing.ts). */
  readonly idsStay?: boolean;
  /** When the last look that succeeded began; absent: none has, or from before it was noted. */
  readonly readAt?: number;
  /** Looks in a row that failed, and why the last one did. */
  readonly failures: number;
  readonly error: { readonly type: string; readonly at: number } | null;
}

type Known = RecordsProgress | undefined;

/** Down to a day. */
const MOST_HALVINGS = 5;

/** What is wanted of them: from the start of the history, or of the person's ingestion if that is later, to its end. Infinity: open. */
export function wantedRecords(
  { floor }: Pick<BackfillWindows, 'floor'>,
  bounds: { readonly from: number | null; readonly to: number | null } | undefined,
): Window {
  return { from: Math.max(floor, bounds?.from ?? floor), to: bounds?.to ?? Infinity };
}

/**
 * What is to be read of events at `now`; null: nothing yet. Oldest first, from the start of what is wanted on, then the last 30 days again and
 * again: who edits or deletes an event does it days later (dexcom-api.md §2.5). Less at once after each failure: what takes too long in one
 * answer comes in several.
 */
export function recordsDue(known: Known, wanted: Window, now: number, policy: SyncPolicy): Window | null {
  const isWider = known !== undefined && wanted.from < known.floor;
  if (known && !isWider && now < known.nextAt) return null;
  const unread = known && !isWider ? known.coveredUntil : wanted.from;
  const parts = 2 ** Math.min(known?.failures ?? 0, MOST_HALVINGS);
  const from = Math.max(wanted.from, Math.min(unread, now - Math.floor(policy.deepSweepMs / parts)));
  const to = Math.min(now, wanted.to, from + Math.floor(policy.longestWindowMs / parts));
  return from < to ? { from, to } : null;
}

interface Found {
  readonly wanted: Window;
  /** When it was asked for. */
  readonly now: number;
  /** Records in the window. */
  readonly found: number;
  readonly idsStay: boolean;
}

/** Once `window` has been read, as `recordsDue` says. What it leaves out beside what was read before, counts as unread. */
export function afterRecords(known: Known, window: Window, { wanted, now, found, idsStay }: Found, policy: SyncPolicy): RecordsProgress {
  const any = found > 0 || (known?.any ?? false);
  const isNext = known !== undefined && window.from >= known.floor && window.from <= known.coveredUntil;
  const coveredUntil = isNext ? Math.max(known.coveredUntil, window.to) : window.to;
  const isBehind = coveredUntil < Math.min(now, wanted.to);
  return {
    floor: isNext ? known.floor : window.from,
    coveredUntil,
    nextAt: isBehind ? now : now + (any ? policy.recordsEveryMs : policy.noRecordsEveryMs),
    any,
    ...((idsStay || known?.idsStay) && { idsStay: true }),
    readAt: now,
    failures: 0,
    error: null,
  };
}

interface Failed {
  readonly type: string;
  readonly at: number;
  /** As Dexcom asked, or the budget of calls. */
  readonly retryAfterMs: number | null;
}

/** That there are no calls for it just now is nobody's failure. */
const PUT_OFF: readonly string[] = ['BudgetSpent', 'RateLimited'];

/** Once what is wanted could not be read: whatever is the matter, it is asked for ever more rarely. */
export function afterFailedRecords(
  known: Known,
  { from }: Window,
  { type, at, retryAfterMs }: Failed,
  policy: SyncPolicy,
): RecordsProgress {
  const none = { any: false, failures: 0, error: null, ...known, floor: from, coveredUntil: from };
  // What has become wider is read anew: from now on that is what is behind, and waits like anything else.
  const before = known && from >= known.floor ? known : none;
  if (PUT_OFF.includes(type)) return { ...before, nextAt: at + Math.max(policy.backoffFirstMs, retryAfterMs ?? 0) };

  const waitMs = Math.min(policy.recordsEveryMs, policy.backoffFirstMs * 2 ** before.failures);
  return { ...before, nextAt: at + Math.max(waitMs, retryAfterMs ?? 0), failures: before.failures + 1, error: { type, at } };
}
