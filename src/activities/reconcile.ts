import { appendLeft } from '../feed/appendLeft';
import { purgeFeeds } from '../feed/purgeFeeds';
import type { ReconcileDeps } from '../reconcile/deps';
import { endIngestion } from '../reconcile/endIngestion';
import { inTurn } from '../reconcile/inTurn';
import { publishLeft } from '../reconcile/publishLeft';
import { restartBulk } from '../reconcile/restartBulk';
import { restartOverdue } from '../reconcile/restartOverdue';
import { restartReplays } from '../reconcile/restartReplays';
import { settleLinkSessions } from '../reconcile/settleLinkSessions';
import { settleUsers } from '../reconcile/settleUsers';
import { tellExpiring } from '../reconcile/tellExpiring';
import { tellSilent } from '../reconcile/tellSilent';
import { dispatchOverdue } from '../webhooks/dispatchOverdue';
import { purgeMessages } from '../webhooks/purgeMessages';
import { wakeBacklogs } from '../webhooks/wakeBacklogs';
import { asActivityFailure } from './activityFailure';

/** The parts of the scheduled repair, each repeatable and safe beside everything else. Each answers how much it has repaired. */
export interface ReconcileActivities {
  /** Changes and deletions of users that somebody died over. */
  settleUsers(): Promise<number>;
  /** Consents whose callback died before they had a workflow. */
  settleLinkSessions(): Promise<number>;
  /** Connections whose person's ingestion is over. */
  endIngestion(): Promise<number>;
  /** Connections that should be polled, bulk operations and replays that have no workflow, or one that does not know. */
  restartOverdue(): Promise<number>;
  /** News without messages, where no pull will come to make them; silences and ends of consents that nobody else sees; places in feeds. */
  publishLeft(): Promise<number>;
  /** Messages nobody has brought on their way. */
  dispatchLeft(): Promise<number>;
  /** Endpoints with something pending and no workflow. */
  wakeBacklogs(): Promise<number>;
  /** What has expired and nobody will ask for. */
  purgeExpired(): Promise<number>;
}

export function createReconcileActivities(deps: ReconcileDeps): ReconcileActivities {
  const { policy, log } = deps;
  const failing =
    (part: () => Promise<number>): (() => Promise<number>) =>
    async () => {
      try {
        return await part();
      } catch (error) {
        throw asActivityFailure(error, log);
      }
    };

  return {
    settleUsers: failing(() => settleUsers(deps)),
    settleLinkSessions: failing(() => settleLinkSessions(deps)),
    endIngestion: failing(() => endIngestion(deps)),
    restartOverdue: failing(() => inTurn([() => restartOverdue(deps), () => restartBulk(deps), () => restartReplays(deps)])),
    publishLeft: failing(() =>
      inTurn([() => publishLeft(deps), () => tellSilent(deps), () => tellExpiring(deps), () => appendLeft(deps.feed)]),
    ),
    dispatchLeft: failing(() => dispatchOverdue(deps, { forMs: policy.dispatchForMs, overdueMs: policy.undispatchedMs })),
    wakeBacklogs: failing(() => wakeBacklogs(deps)),
    purgeExpired: failing(() =>
      inTurn([
        () => deps.connect.linkSessions.purge(Date.now() - policy.keepLinkSessionsMs),
        () => deps.attempts.purge(Date.now() - policy.keepAttemptsMs),
        () => deps.bulk.operations.purge(Date.now() - policy.keepBulkOperationsMs),
        () => deps.replays.purge(Date.now() - policy.keepReplaysMs),
        () => purgeFeeds(deps.feed),
        () => purgeMessages(deps, deps.feed.keptMs),
      ]),
    ),
  };
}
