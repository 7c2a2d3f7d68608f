import type { FreshnessState } from '../storage/connectionDoc';
import type { SyncPolicy } from './policy';
import type { Look } from './schedule';

/**
 * Whether what a look showed may be the end of an upload that reaches further back than live pulls read: a receiver's of three weeks, a phone's
 * after two days, the first one of somebody who had none. Then a deep sweep is due, on the next poll.
 */
export function mayReachBack({ newestAt: before, missesInARow }: FreshnessState, { newestAt }: Look, { overlapMs }: SyncPolicy): boolean {
  if (newestAt === null) return false;
  return before === null ? missesInARow > 0 : newestAt - before > overlapMs;
}

/** What a look has had read from its beginning on. */
interface Unread {
  /** Unix milliseconds; null: nothing. */
  readonly unread: number | null;
  readonly late: FreshnessState['late'];
}

/**
 * What is to be read again after a look: at once, and once more a day after that. Who uploads six weeks may do it in pieces, and the newest one
 * first says nothing of when the others come.
 */
export function afterUpload(before: FreshnessState, liveFrom: number, look: Look, policy: SyncPolicy): Unread {
  const { late } = before;
  const seen = unreadSince(before, liveFrom, look, policy);
  if (seen !== null) {
    const since = Math.min(seen, late?.since ?? seen);
    return { unread: since, late: { since, againAt: look.now + policy.deepSweepEveryMs } };
  }
  return late && look.now >= late.againAt ? { unread: late.since, late: undefined } : { unread: null, late };
}

/**
 * From where on all is to be read again because such an upload may reach further back than a deep sweep does: a receiver's of six weeks, the
 * first one ever of somebody who was connected for as long. Unix milliseconds; null: the deep sweep finds it all.
 * @param liveFrom what was measured before is history
 */
export function unreadSince(
  { newestAt: before, lookedAt = Infinity }: FreshnessState,
  liveFrom: number,
  { now, newestAt }: Look,
  { deepSweepMs, overlapMs }: SyncPolicy,
): number | null {
  const since = before ?? liveFrom;
  if (newestAt === null || newestAt <= since) return null;
  // The sweep comes with a later look, and so begins a little later.
  if (since >= now - deepSweepMs + overlapMs) return null;
  // Nobody has looked since either: what live pulls catch up with begins there anyway.
  return lookedAt - since > overlapMs ? since : null;
}
