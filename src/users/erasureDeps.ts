import type { Db } from 'mongodb';
import { AccountClaims } from '../storage/accountClaims';
import { Attempts } from '../storage/attempts';
import { BulkOperations } from '../storage/bulkOperations';
import type { Connections } from '../storage/connections';
import { Deliveries } from '../storage/deliveries';
import { Devices } from '../storage/devices';
import { GlucoseDays } from '../storage/glucoseDays';
import type { Grants } from '../storage/grants';
import { LinkSessions } from '../storage/linkSessions';
import { Messages } from '../storage/messages';
import { Quarantine } from '../storage/quarantine';
import { Records } from '../storage/records';
import { RefreshLimits } from '../storage/refreshLimits';
import { Replays } from '../storage/replays';
import { WebhookEndpoints } from '../storage/webhookEndpoints';
import type { ConnectionWorkflows } from '../temporal/connectionWorkflows';
import type { Directory } from './standing';
import type { UserServices } from './userServices';

/** Every collection that holds something of a person. */
export interface ErasureDeps extends Directory {
  readonly connections: Connections;
  readonly grants: Grants;
  readonly accountClaims: AccountClaims;
  readonly glucoseDays: GlucoseDays;
  readonly quarantine: Quarantine;
  readonly records: Records;
  readonly devices: Devices;
  readonly refreshLimits: RefreshLimits;
  readonly linkSessions: LinkSessions;
  readonly bulkOperations: BulkOperations;
  readonly messages: Messages;
  readonly deliveries: Deliveries;
  readonly attempts: Attempts;
  readonly replays: Replays;
  /** Their filters may name users. */
  readonly endpoints: WebhookEndpoints;
  readonly workflows: ConnectionWorkflows;
}

type Known = Pick<UserServices, 'users' | 'userClaims' | 'connections' | 'grants' | 'workflows'>;

export const createErasureDeps = (db: Db, { users, userClaims, connections, grants, workflows }: Known): ErasureDeps => ({
  users,
  userClaims,
  connections,
  grants,
  workflows,
  accountClaims: new AccountClaims(db),
  glucoseDays: new GlucoseDays(db),
  quarantine: new Quarantine(db),
  records: new Records(db),
  devices: new Devices(db),
  refreshLimits: new RefreshLimits(db),
  linkSessions: new LinkSessions(db),
  bulkOperations: new BulkOperations(db),
  messages: new Messages(db),
  deliveries: new Deliveries(db),
  attempts: new Attempts(db),
  replays: new Replays(db),
  endpoints: new WebhookEndpoints(db),
});
