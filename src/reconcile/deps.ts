import type { BulkServices } from '../bulk/bulkServices';
import type { ConnectServices } from '../connect/connectServices';
import type { Feed } from '../feed/feed';
import type { Logger } from '../log';
import type { DueConnections } from '../storage/dueConnections';
import type { Replays } from '../storage/replays';
import type { SyncDeps } from '../sync/deps';
import type { ConnectionWorkflows } from '../temporal/connectionWorkflows';
import type { ReplayRuns } from '../temporal/replayRuns';
import type { UserServices } from '../users/userServices';
import type { Dispatching } from '../webhooks/dispatch';
import type { ReconcilePolicy } from './policy';

/** What the repair works with: everything a worker has. */
export interface ReconcileDeps extends Pick<SyncDeps, 'connections' | 'grants' | 'glucoseDays' | 'messages' | 'endpoints'>, Dispatching {
  readonly due: DueConnections;
  readonly workflows: ConnectionWorkflows;
  readonly connect: ConnectServices;
  readonly people: UserServices;
  readonly bulk: BulkServices;
  readonly feed: Feed;
  readonly replays: Replays;
  readonly replayRuns: ReplayRuns;
  readonly policy: ReconcilePolicy;
  readonly log: Logger;
}
