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
