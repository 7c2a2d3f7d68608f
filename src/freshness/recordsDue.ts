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
  /** Looks in a row that failed, and why the last one did. */
  readonly failures: number;
  readonly error: { readonly type: string; readonly at: number } | null;
}

type Known = RecordsProgress | undefined;

/**
 * What is to be read of events at `now`; null: nothing yet. Oldest first, from the start of the history on, then the last 30 days again and
 * again: who edits or deletes an event does it days later (dexcom-api.md §2.5).
 */
export function recordsDue(known: Known, { floor }: Pick<BackfillWindows, 'floor'>, now: number, policy: SyncPolicy): Window | null {
  const isWider = known !== undefined && floor < known.floor;
  if (known && !isWider && now < known.nextAt) return null;
  const unread = known && !isWider ? known.coveredUntil : floor;
  const from = Math.max(floor, Math.min(unread, now - policy.deepSweepMs));
  return { from, to: Math.min(now, from + policy.longestWindowMs) };
}

interface Found {
  /** Of the history. */
  readonly floor: number;
  /** When it was asked for. */
  readonly now: number;
  /** Records in the window. */
  readonly found: number;
}

/** Once `window` has been read. */
export function afterRecords(known: Known, window: Window, { floor, now, found }: Found, policy: SyncPolicy): RecordsProgress {
  const any = found > 0 || (known?.any ?? false);
  const isBehind = window.to < now;
  return {
    floor: Math.min(floor, known?.floor ?? floor),
    coveredUntil: window.to,
    nextAt: isBehind ? now : now + (any ? policy.recordsEveryMs : policy.noRecordsEveryMs),
    any,
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

/** Once it could not be read: whatever is the matter, it is asked for ever more rarely. */
export function afterFailedRecords(known: Known, floor: number, { type, at, retryAfterMs }: Failed, policy: SyncPolicy): RecordsProgress {
  const before = known ?? { floor, coveredUntil: floor, any: false, failures: 0, error: null };
  if (PUT_OFF.includes(type)) return { ...before, nextAt: at + Math.max(policy.backoffFirstMs, retryAfterMs ?? 0) };

  const waitMs = Math.min(policy.recordsEveryMs, policy.backoffFirstMs * 2 ** before.failures);
  return { ...before, nextAt: at + Math.max(waitMs, retryAfterMs ?? 0), failures: before.failures + 1, error: { type, at } };
}
