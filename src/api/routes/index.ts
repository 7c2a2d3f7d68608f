import type { Api } from '../app';
import { registerCreateAccessToken } from './accessToken/create';
import { registerBulkExport } from './bulk/export';
import { registerBulkImport } from './bulk/import';
import { registerListBulkOperations } from './bulk/list';
import { registerBulkPause } from './bulk/pause';
import { registerBulkTriggerHistoricalPull } from './bulk/triggerHistoricalPull';
import { registerListCredentials } from './credentials/list';
import { registerPrepareCredentials } from './credentials/prepare';
import { registerDeleteCredentials } from './credentials/remove';
import { registerSetCredentials } from './credentials/set';
import { registerGetUserDevice } from './device/get';
import { registerListUserDevices } from './device/list';
import { registerAcknowledgeEvents } from './event/acknowledge';
import { registerGetEvent } from './event/get';
import { registerListEvents } from './event/list';
import { registerListEventConsumers } from './event/listConsumers';
import { registerPutEventConsumer } from './event/putConsumer';
import { registerReadEventConsumer } from './event/readConsumer';
import { registerDeleteEventConsumer } from './event/removeConsumer';
import { registerGetGlucose } from './glucose/flat';
import { registerGetGlucoseGrouped } from './glucose/grouped';
import { registerHealthz } from './health/healthz';
import { registerReadyz } from './health/readyz';
import { registerIntrospectHistoricalPulls } from './introspect/historicalPull';
import { registerIntrospectResources } from './introspect/resources';
import { registerLinkCallback } from './link/callback';
import { registerCreateLinkToken } from './link/createToken';
import { registerOauthLink } from './link/oauthLink';
import { registerLinkPage } from './link/page';
import { registerListLinkProviders } from './link/providers';
import { registerLinkScript } from './link/script';
import { registerStartLink } from './link/start';
import { registerLinkState } from './link/state';
import { registerIsLinkTokenValid } from './link/tokenValid';
import { registerChangeManagementKey } from './managementKey/change';
import { registerCreateManagementKey } from './managementKey/create';
import { registerListManagementKeys } from './managementKey/list';
import { registerRevokeManagementKey } from './managementKey/revoke';
import { registerNotOffered } from './notOffered/register';
import { registerChangeTeam } from './orgTeam/change';
import { registerCreateTeam } from './orgTeam/create';
import { registerGetOrgTeam } from './orgTeam/get';
import { registerListTeams } from './orgTeam/list';
import { registerDeleteTeam } from './orgTeam/remove';
import { registerListProviders } from './provider/list';
import { registerClearPullPreferences } from './pullPreferences/clear';
import { registerListPullPreferences } from './pullPreferences/list';
import { registerSetPullPreferences } from './pullPreferences/set';
import { registerListQuarantinedRecords } from './quarantine/list';
import { registerGetTeam } from './team/get';
import { registerGetLinkConfig } from './team/linkConfig';
import { registerSearchTeamUsers } from './team/searchUsers';
import { registerCreateTeamKey } from './teamKey/create';
import { registerListTeamKeys } from './teamKey/list';
import { registerRevokeTeamKeys } from './teamKey/revoke';
import { registerSiblingTimeseries } from './timeseries/siblings';
import { registerCreateUser } from './user/create';
import { registerDisconnectProvider } from './user/disconnect';
import { registerGetUser } from './user/get';
import { registerListUsers } from './user/list';
import { registerTeamMetrics } from './user/metrics';
import { registerPatchUser } from './user/patch';
import { registerPauseProvider } from './user/pause';
import { registerListUserProviders } from './user/providers';
import { registerRefreshUser } from './user/refresh';
import { registerDeleteUser } from './user/remove';
import { registerResolveUser } from './user/resolve';
import { registerResumeProvider } from './user/resume';
import { registerCreateSignInToken } from './user/signInToken';
import { registerUndoDelete } from './user/undoDelete';
import { registerListWebhookAttempts } from './webhook/attempts';
import { registerChangeWebhook } from './webhook/change';
import { registerCreateWebhook } from './webhook/create';
import { registerDropFormerWebhookSecrets } from './webhook/dropFormerSecrets';
import { describeEvents } from './webhook/events';
import { registerGetWebhook } from './webhook/get';
import { registerGetWebhookHeaders } from './webhook/headers';
import { registerListWebhooks } from './webhook/list';
import { registerListMissingEvents } from './webhook/missing';
import { registerDeleteWebhook } from './webhook/remove';
import { registerCancelWebhookReplay } from './webhook/replay/cancel';
import { registerGetWebhookReplay } from './webhook/replay/get';
import { registerRecoverWebhookEvents } from './webhook/replay/recover';
import { registerReplayWebhookEvents } from './webhook/replay/replay';
import { registerResendWebhookEvent } from './webhook/replay/resend';
import { registerRotateWebhookSecret } from './webhook/rotateSecret';
import { registerGetWebhookSecret } from './webhook/secret';
import { registerTestWebhook } from './webhook/sendTest';
import { registerSetWebhookHeaders } from './webhook/setHeaders';
import { registerGetWebhookStatistics } from './webhook/statistics';

/** Every route. Under one prefix, literal paths stand before those with parameters, which would swallow them (vital-api.md §2.1). */
export const routes: readonly ((api: Api) => unknown)[] = [
  registerHealthz,
  registerReadyz,

  registerCreateUser,
  registerListUsers,
  registerTeamMetrics,
  registerResolveUser,
  registerUndoDelete,
  registerListUserProviders,
  registerRefreshUser,
  registerPauseProvider,
  registerResumeProvider,
  registerDisconnectProvider,
  registerGetUser,
  registerCreateSignInToken,
  registerPatchUser,
  registerDeleteUser,

  registerCreateLinkToken,
  registerListLinkProviders,
  registerOauthLink,
  registerLinkCallback,
  registerLinkPage,
  registerLinkScript,
  registerIsLinkTokenValid,
  registerStartLink,
  registerLinkState,

  registerBulkImport,
  registerBulkExport,
  registerBulkPause,
  registerBulkTriggerHistoricalPull,
  registerListBulkOperations,

  registerListUserDevices,
  registerGetUserDevice,
  registerGetGlucoseGrouped,
  registerGetGlucose,
  registerSiblingTimeseries,
  registerIntrospectHistoricalPulls,
  registerIntrospectResources,
  registerListQuarantinedRecords,
  registerListProviders,

  registerListTeams,
  registerCreateTeam,
  registerGetOrgTeam,
  registerChangeTeam,
  registerDeleteTeam,
  registerCreateAccessToken,
  registerListTeamKeys,
  registerCreateTeamKey,
  registerRevokeTeamKeys,
  registerListManagementKeys,
  registerCreateManagementKey,
  registerChangeManagementKey,
  registerRevokeManagementKey,
  registerListPullPreferences,
  registerSetPullPreferences,
  registerClearPullPreferences,
  registerListCredentials,
  registerSetCredentials,
  registerDeleteCredentials,
  registerPrepareCredentials,

  registerCreateWebhook,
  registerListWebhooks,
  registerGetWebhook,
  registerChangeWebhook,
  registerDeleteWebhook,
  registerListWebhookAttempts,
  registerListMissingEvents,
  registerGetWebhookStatistics,
  registerTestWebhook,
  registerResendWebhookEvent,
  registerRecoverWebhookEvents,
  registerReplayWebhookEvents,
  registerGetWebhookReplay,
  registerCancelWebhookReplay,
  registerGetWebhookHeaders,
  registerSetWebhookHeaders,
  registerGetWebhookSecret,
  registerRotateWebhookSecret,
  registerDropFormerWebhookSecrets,
  describeEvents,
  registerListEvents,
  registerListEventConsumers,
  registerPutEventConsumer,
  registerReadEventConsumer,
  registerAcknowledgeEvents,
  registerDeleteEventConsumer,
  registerGetEvent,

  registerSearchTeamUsers,
  registerGetLinkConfig,
  registerNotOffered,
  registerGetTeam,
];
