import type { ConnectServices } from '../connect/connectServices';
import type { Logger } from '../log';
import type { AccessTokens } from '../security/accessTokens';
import type { SignInTokens } from '../security/signInTokens';
import type { ApiKeys } from '../storage/apiKeys';
import type { AppAlarms } from '../storage/appAlarms';
import type { BulkOperations } from '../storage/bulkOperations';
import type { Devices } from '../storage/devices';
import type { DexcomCredentials } from '../storage/dexcomCredentials';
import type { GlucoseDays } from '../storage/glucoseDays';
import type { IntegrationTeamIds } from '../storage/integrationTeamIds';
import type { RefreshLimits } from '../storage/refreshLimits';
import type { Teams } from '../storage/teams';
import type { BulkRuns } from '../temporal/bulkRuns';
import type { UserServices } from '../users/userServices';
import type { WebhookServices } from '../webhooks/webhookServices';
import type { BulkCursors, ExportCursors } from './routes/bulk/position';
import type { GlucoseCursors } from './routes/glucose/page';
import type { PageBuffers } from './routes/glucose/pageBuffers';
import type { ReadAhead } from './routes/glucose/readAhead';
import type { UserCursors } from './routes/introspect/position';
import type { TeamCursors } from './routes/orgTeam/position';
import type { KeyCursors } from './routes/teamKey/position';
import type { WebhookCursors } from './routes/webhook/list';
import type { RateLimit } from './security/rateLimit';
import type { RecentKeys } from './security/recentKeys';

/** What the routes may use; built once by `src/server.ts` and passed in, so that importing a route touches no network. */
export interface Services extends ConnectServices, UserServices {
  readonly log: Logger;
  readonly teams: Teams;
  readonly apiKeys: ApiKeys;
  readonly recentKeys: RecentKeys;
  readonly integrationTeamIds: IntegrationTeamIds;
  readonly dexcomCredentials: DexcomCredentials;
  readonly accessTokens: AccessTokens;
  readonly accessTokenRate: RateLimit;
  readonly signInTokens: SignInTokens;
  readonly bulkRuns: BulkRuns;
  readonly bulkOperations: BulkOperations;
  readonly bulkCursors: BulkCursors;
  readonly exportCursors: ExportCursors;
  readonly teamCursors: TeamCursors;
  readonly keyCursors: KeyCursors;
  readonly refreshLimits: RefreshLimits;
  readonly glucoseDays: GlucoseDays;
  readonly devices: Devices;
  readonly readAhead: ReadAhead;
  readonly pageBuffers: PageBuffers;
  readonly glucoseCursors: GlucoseCursors;
  readonly userCursors: UserCursors;
  readonly webhooks: WebhookServices;
  readonly webhookCursors: WebhookCursors;
  readonly appAlarms: AppAlarms;
  /** Each of the two servers, asked now. */
  readonly ready: () => Promise<{ readonly mongodb: boolean; readonly temporal: boolean }>;
}
