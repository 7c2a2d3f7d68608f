import type { TeamScope } from '../../../storage/apiKeys';

/** A call of Vital's that this engine answers with a sentence instead of a result. */
export interface NotOffered {
  readonly method: 'get' | 'post' | 'patch';
  readonly path: string;
  readonly operationId: string;
  readonly tag: 'Link' | 'Users' | 'Teams' | 'Aggregation';
  /** A team's key with this scope, or a link token. */
  readonly opener: TeamScope | 'link token';
  readonly errorType: 'INVALID_PROVIDER' | 'NOT_OFFERED';
  /** What the app's developer reads: what there is instead. */
  readonly sentence: string;
}

const PASSWORD = 'People sign in on Dexcom’s own page: no provider here takes a password or an e-mail address';
const AGGREGATE = 'Readings are not aggregated here: read them from GET /v2/timeseries/{user_id}/glucose/grouped';
const PERSONAL = 'Who a person is, is not kept here, nor how they are insured: a user has a client_user_id and what is read of glucose';
const ONE_PROVIDER = 'There is one provider, so no source goes before another';

const passwordLink = (path: string, operationId: string): NotOffered => ({
  method: 'post',
  path,
  operationId,
  tag: 'Link',
  opener: 'link token',
  errorType: 'INVALID_PROVIDER',
  sentence: PASSWORD,
});

const aggregate = (method: 'get' | 'post', path: string, operationId: string): NotOffered => ({
  method,
  path: `/aggregate/v1/user/{user_id}/${path}`,
  operationId,
  tag: 'Aggregation',
  opener: 'glucose:read',
  errorType: 'NOT_OFFERED',
  sentence: AGGREGATE,
});

const personal = (method: 'get' | 'post' | 'patch', path: string, operationId: string): NotOffered => ({
  method,
  path: `/v2/user/{user_id}/${path}`,
  operationId,
  tag: 'Users',
  opener: method === 'get' ? 'users:read' : 'users:write',
  errorType: 'NOT_OFFERED',
  sentence: PERSONAL,
});

/** Methods of the official clients that make no sense for Dexcom by OAuth (vital-api.md §3.3, §5.4, §11.2). */
export const notOffered: readonly NotOffered[] = [
  passwordLink('/v2/link/provider/password/{provider}', 'connectPasswordProvider'),
  passwordLink('/v2/link/provider/password/{provider}/complete_mfa', 'completePasswordProviderMfa'),
  passwordLink('/v2/link/provider/email/{provider}', 'connectEmailAuthProvider'),
  passwordLink('/v2/link/auth', 'passwordAuth'),
  passwordLink('/v2/link/auth/email', 'emailAuth'),
  {
    method: 'post',
    path: '/v2/link/provider/manual/{provider}',
    operationId: 'connectManualProvider',
    tag: 'Link',
    opener: 'link:write',
    errorType: 'INVALID_PROVIDER',
    sentence: 'A Dexcom account is connected by its owner’s consent: create a link token and open its page',
  },
  {
    method: 'post',
    path: '/v2/link/connect/demo',
    operationId: 'connectDemoProvider',
    tag: 'Link',
    opener: 'link:write',
    errorType: 'INVALID_PROVIDER',
    sentence: 'There are no demo connections: the simulator plays a whole Dexcom account, sign-in and readings included',
  },
  {
    method: 'post',
    path: '/v2/link/code/create',
    operationId: 'createLinkCode',
    tag: 'Link',
    opener: 'link:write',
    errorType: 'NOT_OFFERED',
    sentence: 'Pairing codes belong to a mobile app that this engine has not: create a link token and open its page',
  },
  {
    method: 'get',
    path: '/v2/team/svix/url',
    operationId: 'getSvixUrl',
    tag: 'Teams',
    opener: 'webhooks:read',
    errorType: 'NOT_OFFERED',
    sentence: 'There is no portal: webhook endpoints are managed under /v1/org/{org_id}/team/{team_id}/{environment}/webhook',
  },
  {
    method: 'get',
    path: '/v2/team/source/priorities',
    operationId: 'getSourcePriorities',
    tag: 'Teams',
    opener: 'users:read',
    errorType: 'NOT_OFFERED',
    sentence: ONE_PROVIDER,
  },
  {
    method: 'patch',
    path: '/v2/team/source/priorities',
    operationId: 'updateSourcePriorities',
    tag: 'Teams',
    opener: 'users:write',
    errorType: 'NOT_OFFERED',
    sentence: ONE_PROVIDER,
  },
  {
    method: 'get',
    path: '/v2/team/{team_id}/physicians',
    operationId: 'getTeamPhysicians',
    tag: 'Teams',
    opener: 'users:read',
    errorType: 'NOT_OFFERED',
    sentence: 'Laboratory tests are not offered, nor the physicians who order them',
  },
  personal('patch', 'info', 'updateUserInfo'),
  personal('get', 'info/latest', 'getUserInfo'),
  personal('post', 'insurance', 'createUserInsurance'),
  personal('get', 'insurance/latest', 'getUserInsurance'),
  {
    method: 'post',
    path: '/v2/user/{user_id}/create_portal_url',
    operationId: 'createPortalUrl',
    tag: 'Users',
    opener: 'users:write',
    errorType: 'NOT_OFFERED',
    sentence: 'There is no portal: create a link token and open its page',
  },
  {
    method: 'get',
    path: '/v2/summary/devices/{user_id}/raw',
    operationId: 'getRawDevices',
    tag: 'Users',
    opener: 'users:read',
    errorType: 'NOT_OFFERED',
    sentence: 'Devices are known by their readings: read them from GET /v2/user/{user_id}/device',
  },
  aggregate('post', 'query', 'queryAggregate'),
  aggregate('get', 'continuous_query/{query_id_or_slug}/result_table', 'getContinuousQueryResultTable'),
  aggregate('get', 'continuous_query/{query_id_or_slug}/task_history', 'getContinuousQueryTaskHistory'),
];
