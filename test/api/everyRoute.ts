/**
 * How to call every route there is, so that it works. ADD A LINE HERE FOR A NEW ROUTE: `security.test.ts` and `everyRouteAway.test.ts` walk this
 * table and fail for a route that is not in it. Which key and scope a route needs is read from its contract.
 *
 * `{placeholders}` are made afresh for each call by `test/api/placed.ts`; `body` is sent as JSON, with its placeholders filled in as well.
 */
export interface RouteCall {
  /** What follows the path: its query. */
  readonly query?: string;
  readonly body?: object;
  /** Another placeholder for one of the path's. */
  readonly fills?: Readonly<Record<string, string>>;
  /**
   * What another team (or organisation) gets that calls the same, ours by its ids.
   * - `not found`: 404, as for anything that does not exist; the usual answer where an id is named
   * - `nothing of ours`: no error, and nothing of ours in it: lists, and what begins something of one's own
   */
  readonly foreign?: 'not found' | 'nothing of ours';
  /** Likewise for another organisation that puts our ids under its own; for routes without an id in their path. */
  readonly foreignIds?: 'nothing of ours';
  /** Refused with 400 whoever asks: the reason is all there is (src/api/routes/notOffered). */
  readonly notOffered?: true;
  /** A 503 while Temporal is away; everything else is served then. */
  readonly needsTemporal?: true;
  /** What the answer has when the call worked, where its status does not say. */
  readonly shows?: object;
}

const DAY = '?start_date=2026-01-01';
const DAYS = { dexcom_v3: { default: { historical_days_to_pull: 30 } } };
const APP = { team_id: '{team_id}', provider: 'dexcom_v3' };
/** What another team gets of these beyond "nothing of ours": foreignBulk.test.ts. */
const BULK = { provider: 'dexcom_v3' } as const;
const RECIPE = { user_id: '{user_id}', access_token: 'a', refresh_token: 'r', provider_id: 'p', expires_at: 1 };
const mine = { foreign: 'nothing of ours' } as const;
const heard = { needsTemporal: true } as const;
const refused = { notOffered: true } as const;
const own = { foreignIds: 'nothing of ours' } as const;

/** By method and path as the contract has them. */
export const everyRoute: Readonly<Record<string, RouteCall>> = {
  'POST /v2/user': { body: { client_user_id: '{new}' }, ...mine },
  'GET /v2/user': mine,
  'GET /v2/user/resolve/{client_user_id}': {},
  'GET /v2/user/providers/{user_id}': {},
  'POST /v2/user/refresh/{user_id}': { query: '?timeout=5', ...heard },
  'POST /v2/user/{user_id}/{provider}/pause': heard,
  'POST /v2/user/{user_id}/{provider}/resume': heard,
  'DELETE /v2/user/{user_id}/{provider}': heard,
  'GET /v2/user/{user_id}': {},
  'PATCH /v2/user/{user_id}': { body: { ingestion_end: '2030-01-01' }, ...heard },
  'DELETE /v2/user/{user_id}': heard,
  'POST /v2/user/undo_delete': { query: '?user_id={deleted_user_id}' },
  'GET /v2/user/metrics': mine,
  'POST /v2/user/{user_id}/sign_in_token': {},

  'POST /v2/link/token': { body: { user_id: '{user_id}' } },
  'POST /v2/link/token/isValid': { body: { token: '{link_token}' }, ...mine },
  'POST /v2/link/start': { body: { link_token: '{link_token}', provider: 'dexcom_v3' } },
  'GET /v2/link/state': {},
  'POST /v2/link/bulk_import': { body: { provider: 'dexcom_v3', connections: [RECIPE] }, ...mine, ...heard },
  'POST /v2/link/bulk_export': { body: { ...BULK, user_ids: ['{user_id}'] }, ...mine },
  'POST /v2/link/bulk_pause': { body: { ...BULK, user_ids: ['{user_id}'] }, ...mine, ...heard },
  'POST /v2/link/bulk_trigger_historical_pull': { body: { ...BULK, user_ids: ['{user_id}'] }, ...mine, ...heard },
  'GET /v2/link/bulk_op': mine,
  'GET /v2/link/providers': {},
  'GET /v2/link/provider/oauth/{oauth_provider}': {},

  'GET /v2/user/{user_id}/device': {},
  'GET /v2/user/{user_id}/device/{device_id}': {},
  'GET /v2/timeseries/{user_id}/glucose/grouped': { query: DAY },
  'GET /v2/timeseries/{user_id}/glucose': { query: DAY },
  'GET /v2/timeseries/{user_id}/insulin_injection/grouped': { query: DAY },
  'GET /v2/timeseries/{user_id}/carbohydrates/grouped': { query: DAY },
  'GET /v2/timeseries/{user_id}/note/grouped': { query: DAY },
  'GET /v2/timeseries/{user_id}/workout_duration/grouped': { query: DAY },
  'GET /v2/introspect/resources': { query: '?user_id={user_id}' },
  'GET /v2/introspect/historical_pull': { query: '?user_id={user_id}' },
  'GET /v2/introspect/quarantine/{connection_id}': {},
  'GET /v2/providers': mine,
  'GET /v2/team/{team_id}': {},
  'GET /v2/team/users/search': { query: '?query_id={client_user_id}', ...mine },
  'GET /v2/team/link/config': {},

  'GET /v1/org/{org_id}/team': own,
  'POST /v1/org/{org_id}/team': { body: { name: 'another' }, ...own },
  'GET /v1/org/{org_id}/team/{team_id}': {},
  'PATCH /v1/org/{org_id}/team/{team_id}': { body: { push_historical_data: true } },
  'DELETE /v1/org/{org_id}/team/{team_id}': { fills: { team_id: 'empty_team_id' } },
  'POST /v1/org/{org_id}/team/{team_id}/create_api_access_token': { body: { env: 'production' } },
  'GET /v1/org/{org_id}/team_api_keys/{env}/{region}': { query: '?team_id={team_id}' },
  'POST /v1/org/{org_id}/team_api_keys/{env}/{region}': { body: { label: 'x', team_id: '{team_id}' } },
  'DELETE /v1/org/{org_id}/team_api_keys/{env}/{region}': {
    query: '?api_key_id={api_key_id}',
    ...own,
    shows: { success: ['{api_key_id}'] },
  },
  'GET /v1/org/{org_id}/management_key': own,
  'POST /v1/org/{org_id}/management_key': { body: { label: 'x', role: 'team_admin', team_role_bindings: [{ team_id: '{team_id}' }] } },
  'PATCH /v1/org/{org_id}/management_key/{key_id}': { body: { label: 'y' } },
  'DELETE /v1/org/{org_id}/management_key/{key_id}': {},
  'GET /v1/org/{org_id}/team_data_pull_preferences/{env}/{region}': { query: '?team_id={team_id}' },
  'POST /v1/org/{org_id}/team_data_pull_preferences/{env}/{region}': { body: { team_ids: ['{team_id}'], providers: DAYS } },
  'DELETE /v1/org/{org_id}/team_data_pull_preferences/{env}/{region}': { query: '?team_id={team_id}' },
  'GET /v1/org/{org_id}/team_custom_credentials/{env}/{region}': { query: '?team_id={team_id}' },
  'POST /v1/org/{org_id}/team_custom_credentials/{env}/{region}': { body: { ...APP, client_id: 'id', client_secret: 'secret' } },
  'DELETE /v1/org/{org_id}/team_custom_credentials/{env}/{region}': {
    query: '?credential_id={credential_id}',
    ...own,
    shows: { success: ['{credential_id}'] },
  },
  'POST /v1/org/{org_id}/prepare_team_custom_credentials/{env}/{region}': { body: APP },

  'GET /v1/org/{org_id}/team/{team_id}/{environment}/webhook': {},
  'POST /v1/org/{org_id}/team/{team_id}/{environment}/webhook': { body: { url: 'http://receiver.test:8080/new' } },
  'GET /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}': {},
  'PATCH /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}': { body: { description: 'changed' } },
  'DELETE /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}': {},
  'GET /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/secret': {},
  'POST /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/secret/rotate': { body: { key: null } },
  'DELETE /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/secret/former': {},
  'GET /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/headers': {},
  'PUT /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/headers': { body: { headers: { 'x-key': 'theirs' } } },
  'GET /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/attempts': {},
  'GET /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/missing': {},
  'GET /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/statistics': {},
  'POST /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/test': {
    body: { event_type: 'daily.data.glucose.created' },
    ...heard,
  },
  'POST /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/resend': { body: { message_id: '{message_id}' }, ...heard },
  'POST /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/recover': { body: { since: '2026-01-01T00:00:00Z' }, ...heard },
  'POST /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/replay': {
    body: { user_id: '{user_id}', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
    ...heard,
  },
  'GET /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/replay/{operation_id}': {},
  'DELETE /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/replay/{operation_id}': heard,

  'GET /v2/events': mine,
  'GET /v2/events/consumers': mine,
  'PUT /v2/events/consumers/{consumer_name}': { body: {}, ...mine },
  'GET /v2/events/consumers/{consumer_name}': {},
  'POST /v2/events/consumers/{consumer_name}/acknowledge': { body: { cursor: '{consumer_cursor}' } },
  'DELETE /v2/events/consumers/{consumer_name}': {},
  'GET /v2/events/{message_id}': {},

  'POST /v2/link/provider/password/{provider}': refused,
  'POST /v2/link/provider/password/{provider}/complete_mfa': refused,
  'POST /v2/link/provider/email/{provider}': refused,
  'POST /v2/link/auth': refused,
  'POST /v2/link/auth/email': refused,
  'POST /v2/link/provider/manual/{provider}': refused,
  'POST /v2/link/connect/demo': refused,
  'POST /v2/link/code/create': refused,
  'GET /v2/team/svix/url': refused,
  'GET /v2/team/source/priorities': refused,
  'PATCH /v2/team/source/priorities': refused,
  'GET /v2/team/{team_id}/physicians': refused,
  'PATCH /v2/user/{user_id}/info': refused,
  'GET /v2/user/{user_id}/info/latest': refused,
  'POST /v2/user/{user_id}/insurance': refused,
  'GET /v2/user/{user_id}/insurance/latest': refused,
  'POST /v2/user/{user_id}/create_portal_url': refused,
  'GET /v2/summary/devices/{user_id}/raw': refused,
  'POST /aggregate/v1/user/{user_id}/query': refused,
  'GET /aggregate/v1/user/{user_id}/continuous_query/{query_id_or_slug}/result_table': refused,
  'GET /aggregate/v1/user/{user_id}/continuous_query/{query_id_or_slug}/task_history': refused,
};

/** What opens without a key, and why it may. Not all of these are in the contract. */
export const openRoutes: Readonly<Record<string, string>> = {
  'GET /healthz': 'says that the process is up',
  'GET /readyz': 'says whether its servers answer',
  'GET /v2/link/connect/{provider}': 'a browser comes from Dexcom, with the link token as state',
  'GET /link': 'a person’s browser, with the link token in its address',
  'GET /link.js': 'a script for apps’ pages, the same for everybody',
  'GET /openapi.json': 'the contract',
  'GET /reference': 'the contract for people',
  'GET /': 'leads to it',
};
