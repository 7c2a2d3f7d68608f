import type { SyncPolicy } from './policy';

/** Calls a reading that anybody may have where the policy does not say. */
const DEFAULT_CALLS_PER_READING = 3;
const HOUR_MS = 3_600_000;

/** A connection's share of its app's calls: in no hour more than it says, a quarter of them as quickly as they are wanted. */
interface Share {
  /** Apart on the average … */
  readonly everyMs: number;
  /** … and this much ahead of that at most. */
  readonly aheadMs: number;
}

function shareOf({ mostCallsPerHour, cadenceMs }: SyncPolicy): Share {
  const calls = Math.max(1, Math.floor(mostCallsPerHour ?? (DEFAULT_CALLS_PER_READING * HOUR_MS) / cadenceMs));
  const ahead = Math.floor(calls / 4);
  const everyMs = HOUR_MS / (calls - ahead);
  return { everyMs, aheadMs: ahead * everyMs };
}

/** Counts a look. @param spentUntil as it was before, absent for the first one @returns until when the share is spent, Unix milliseconds */
export function spend(spentUntil: number | undefined, now: number, policy: SyncPolicy): number {
  const { everyMs, aheadMs } = shareOf(policy);
  // A clock that was set back must not stop it.
  return Math.round(Math.min(now + aheadMs, Math.max(now, spentUntil ?? now)) + everyMs);
}

/** When the share allows another look, Unix milliseconds. */
export const allowedFrom = (spentUntil: number, policy: SyncPolicy): number => spentUntil - shareOf(policy).aheadMs;
