import type { ConnectServices } from '../connect/connectServices';
import { type ConnectParts, createConnectServices } from '../connect/createConnectServices';
import { createFeedServices } from '../feed/feedServices';
import { createAccessTokens } from '../security/accessTokens';
import { createCursors } from '../security/cursors';
import { createSignInTokens } from '../security/signInTokens';
import { ApiKeys } from '../storage/apiKeys';
import { AppAlarms } from '../storage/appAlarms';
import { Attempts } from '../storage/attempts';
import { BulkOperations } from '../storage/bulkOperations';
import { Connections } from '../storage/connections';
import { Deliveries } from '../storage/deliveries';
import { DeliveryFigures } from '../storage/deliveryFigures';
import { Devices } from '../storage/devices';
import { DexcomCredentials } from '../storage/dexcomCredentials';
import { GlucoseDays } from '../storage/glucoseDays';
import { IntegrationTeamIds } from '../storage/integrationTeamIds';
import { Messages } from '../storage/messages';
import { Quarantine } from '../storage/quarantine';
import { Records } from '../storage/records';
import { RefreshLimits } from '../storage/refreshLimits';
import { ReplayedDeliveries } from '../storage/replayedDeliveries';
import { Replays } from '../storage/replays';
import { Teams } from '../storage/teams';
import { Users } from '../storage/users';
import { WebhookEndpoints } from '../storage/webhookEndpoints';
import { createUserServices } from '../users/createUserServices';
import type { UserServices } from '../users/userServices';
import type { WebhookServices } from '../webhooks/webhookServices';
import { BulkPositionShape, ExportPositionShape } from './routes/bulk/position';
import { ConsumerNameShape } from './routes/event/listConsumers';
import { ConsumerPositionShape, FeedPositionShape } from './routes/event/position';
import { PageBuffers } from './routes/glucose/pageBuffers';
import { GlucosePosition } from './routes/glucose/position';
import { ReadAhead } from './routes/glucose/readAhead';
import { WrittenDays } from './routes/glucose/writtenDays';
import { UserPositionShape } from './routes/introspect/position';
import { TeamPositionShape } from './routes/orgTeam/position';
import { QuarantinePositionShape } from './routes/quarantine/position';
import { KeyPositionShape } from './routes/teamKey/position';
import { SiblingPosition } from './routes/timeseries/siblingPage';
import { AttemptPosition } from './routes/webhook/attempts';
import { EndpointPosition } from './routes/webhook/list';
import { MissingPosition } from './routes/webhook/missing';
import { createRateLimit } from './security/rateLimit';
import { RecentKeys } from './security/recentKeys';
import type { Services } from './services';

/** In one process: an app keeps a token for its few minutes, and has no reason to make many. */
const ACCESS_TOKENS_PER_TEAM = { calls: 30, windowMs: 60_000 };

/** Everything the routes use, over one database and one Temporal. Opens nothing. */
export const createServices = ({
  egress,
  backlogs,
  erasures,
  bulkRuns,
  replayRuns,
  feedKeptMs,
  queryCacheBytes,
  ...parts
}: ConnectParts &
  Pick<Services, 'ready' | 'erasures' | 'bulkRuns'> &
  Pick<WebhookServices, 'egress' | 'backlogs' | 'replayRuns'> & {
    readonly feedKeptMs: number;
    readonly queryCacheBytes: number;
  }): Services => ({
  ...withUsers(parts, erasures),
  ready: parts.ready,
  teams: new Teams(parts.db),
  apiKeys: new ApiKeys(parts.db),
  recentKeys: new RecentKeys(new ApiKeys(parts.db)),
  refreshLimits: new RefreshLimits(parts.db),
  dexcomCredentials: new DexcomCredentials(parts.db, parts.keyring),
  integrationTeamIds: new IntegrationTeamIds(parts.db),
  accessTokens: createAccessTokens(parts.keyring, parts.publicUrl),
  accessTokenRate: createRateLimit(ACCESS_TOKENS_PER_TEAM),
  signInTokens: createSignInTokens(parts.keyring, parts.publicUrl),
  bulkRuns,
  bulkOperations: new BulkOperations(parts.db),
  bulkCursors: createCursors(parts.keyring, 'bulk', BulkPositionShape),
  exportCursors: createCursors(parts.keyring, 'export', ExportPositionShape),
  teamCursors: createCursors(parts.keyring, 'teams', TeamPositionShape),
  keyCursors: createCursors(parts.keyring, 'keys', KeyPositionShape),
  glucoseDays: new GlucoseDays(parts.db),
  devices: new Devices(parts.db),
  quarantine: new Quarantine(parts.db),
  records: new Records(parts.db),
  siblingCursors: createCursors(parts.keyring, 'siblings', SiblingPosition),
  quarantineCursors: createCursors(parts.keyring, 'quarantine', QuarantinePositionShape),
  readAhead: new ReadAhead(new Users(parts.db), new Connections(parts.db)),
  pageBuffers: new PageBuffers(),
  writtenDays: new WrittenDays(queryCacheBytes),
  glucoseCursors: createCursors(parts.keyring, 'glucose', GlucosePosition),
  userCursors: createCursors(parts.keyring, 'introspect', UserPositionShape),
  webhooks: {
    endpoints: new WebhookEndpoints(parts.db),
    messages: new Messages(parts.db),
    deliveries: new Deliveries(parts.db),
    figures: new DeliveryFigures(parts.db),
    attempts: new Attempts(parts.db),
    replayed: new ReplayedDeliveries(parts.db),
    replays: new Replays(parts.db),
    replayRuns,
    keyring: parts.keyring,
    egress,
    backlogs,
  },
  webhookCursors: createCursors(parts.keyring, 'webhooks', EndpointPosition),
  attemptCursors: createCursors(parts.keyring, 'webhook attempts', AttemptPosition),
  missingCursors: createCursors(parts.keyring, 'webhook missing', MissingPosition),
  feed: createFeedServices(parts.db, feedKeptMs),
  feedCursors: createCursors(parts.keyring, 'feed', FeedPositionShape),
  consumerCursors: createCursors(parts.keyring, 'feed consumer', ConsumerPositionShape),
  consumerNameCursors: createCursors(parts.keyring, 'feed consumers', ConsumerNameShape),
  appAlarms: new AppAlarms(parts.db),
});

function withUsers(parts: ConnectParts, erasures: UserServices['erasures']): ConnectServices & UserServices {
  const connect = createConnectServices(parts);
  return { ...connect, ...createUserServices(parts.db, connect, erasures) };
}
