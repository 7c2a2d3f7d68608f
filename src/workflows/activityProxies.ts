import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { SyncActivities } from '../activities';
import type { SyncPolicy } from '../freshness/policy';

/** These say what to do next, not that an attempt went wrong: the loop hears of them at once. */
const ANSWERS = ['TokenExpired', 'NeedsReauth', 'AccountChanged', 'Superseded', 'NotWanted', 'RateLimited'];

/** The activities of one connection, each with its patience. */
export function connectionActivities(policy: SyncPolicy, backfillQueue: string) {
  // Three attempts, then the loop takes over: what keeps failing must not hold up what else is due.
  const briefly = {
    startToCloseTimeout: 60_000,
    heartbeatTimeout: 15_000,
    retry: { maximumAttempts: 3, initialInterval: policy.backoffFirstMs / 30, nonRetryableErrorTypes: ANSWERS },
  };
  // Within the workflow task at hand: a marker in the history instead of three events and a task of their own.
  const atOnce = { startToCloseTimeout: 10_000, retry: { maximumAttempts: 2 } };
  const local = proxyLocalActivities<Pick<SyncActivities, 'loadConnection' | 'setDesired' | 'noteFailure'>>(atOnce);

  return {
    loadConnection: local.loadConnection,
    setDesired: local.setDesired,
    noteFailure: local.noteFailure,
    /** ≤4 s and one try: whoever does not take it now has a backlog workflow (design §4). */
    deliver: proxyLocalActivities<Pick<SyncActivities, 'deliver'>>({ startToCloseTimeout: 4_000, retry: { maximumAttempts: 1 } }).deliver,
    pull: proxyActivities<Pick<SyncActivities, 'pull'>>(briefly).pull,
    pullHistory: proxyActivities<Pick<SyncActivities, 'pull'>>({
      ...briefly,
      taskQueue: backfillQueue,
      // Where there are no calls left a poll comes again by itself; history must not stand in front of the next poll.
      retry: { ...briefly.retry, nonRetryableErrorTypes: [...ANSWERS, 'BudgetSpent'] },
    }).pull,
    refreshToken: proxyActivities<Pick<SyncActivities, 'refreshToken'>>({
      ...briefly,
      // A refresh token can be spent once: never abandon an attempt that may have spent it, as the SDK's default would.
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    }).refreshToken,
  };
}
