/**
 * Which file tests by hand what each route does when all goes well, and what it refuses for reasons of its own. ADD A NEW ROUTE HERE: a route
 * that is missing fails in `security.test.ts`, and a file that no longer has a good answer of a route that it names here fails itself.
 *
 * The rest of what a route needs comes from walking them all: `security.test.ts` (keys, scopes, other teams), `fuzz.test.ts` (bad input, each
 * answer as its contract says), `everyRouteAway.test.ts` (the servers behind it away and back).
 */
export const happyCases: Readonly<Record<string, readonly string[]>> = {
  'users.test.ts': ['POST /v2/user', 'GET /v2/user', 'GET /v2/user/{user_id}', 'GET /v2/user/resolve/{client_user_id}'],
  'changedUsers.test.ts': ['PATCH /v2/user/{user_id}', 'DELETE /v2/user/{user_id}', 'POST /v2/user/undo_delete'],
  'signInToken.test.ts': ['POST /v2/user/{user_id}/sign_in_token'],
  'refresh.test.ts': ['POST /v2/user/refresh/{user_id}'],
  'wishes.test.ts': ['POST /v2/user/{user_id}/{provider}/pause', 'POST /v2/user/{user_id}/{provider}/resume'],
  'connecting.test.ts': ['GET /v2/user/providers/{user_id}'],
  'ended.test.ts': ['DELETE /v2/user/{user_id}/{provider}'],
  'team.test.ts': [
    'GET /v2/team/{team_id}',
    'GET /v2/team/users/search',
    'GET /v2/team/link/config',
    'GET /v2/user/metrics',
    'POST /v2/link/token/isValid',
    'POST /v2/link/start',
    'GET /v2/link/state',
  ],
  'linkToken.test.ts': [
    'POST /v2/link/token',
    'GET /v2/link/providers',
    'GET /v2/link/provider/oauth/{oauth_provider}',
    'GET /v2/link/connect/{provider}',
    'GET /link',
    'GET /v2/providers',
  ],
  'foreignBulk.test.ts': [
    'POST /v2/link/bulk_import',
    'POST /v2/link/bulk_export',
    'POST /v2/link/bulk_pause',
    'POST /v2/link/bulk_trigger_historical_pull',
    'GET /v2/link/bulk_op',
  ],
  'devices.test.ts': ['GET /v2/user/{user_id}/device', 'GET /v2/user/{user_id}/device/{device_id}'],
  'glucose.test.ts': ['GET /v2/timeseries/{user_id}/glucose/grouped'],
  'glucoseFlat.test.ts': [
    'GET /v2/timeseries/{user_id}/glucose',
    'GET /v2/timeseries/{user_id}/insulin_injection/grouped',
    'GET /v2/timeseries/{user_id}/carbohydrates/grouped',
    'GET /v2/timeseries/{user_id}/note/grouped',
    'GET /v2/timeseries/{user_id}/workout_duration/grouped',
  ],
  'quarantine.test.ts': ['GET /v2/introspect/quarantine/{connection_id}'],
  'introspect.test.ts': ['GET /v2/introspect/resources', 'GET /v2/introspect/historical_pull'],
  'management.test.ts': [
    'GET /v1/org/{org_id}/team',
    'POST /v1/org/{org_id}/team',
    'GET /v1/org/{org_id}/team/{team_id}',
    'PATCH /v1/org/{org_id}/team/{team_id}',
    'DELETE /v1/org/{org_id}/team/{team_id}',
  ],
  'managementKeys.test.ts': [
    'POST /v1/org/{org_id}/team/{team_id}/create_api_access_token',
    'GET /v1/org/{org_id}/team_api_keys/{env}/{region}',
    'POST /v1/org/{org_id}/team_api_keys/{env}/{region}',
    'DELETE /v1/org/{org_id}/team_api_keys/{env}/{region}',
    'GET /v1/org/{org_id}/management_key',
    'POST /v1/org/{org_id}/management_key',
    'PATCH /v1/org/{org_id}/management_key/{key_id}',
    'DELETE /v1/org/{org_id}/management_key/{key_id}',
  ],
  'managementSettings.test.ts': [
    'GET /v1/org/{org_id}/team_data_pull_preferences/{env}/{region}',
    'POST /v1/org/{org_id}/team_data_pull_preferences/{env}/{region}',
    'DELETE /v1/org/{org_id}/team_data_pull_preferences/{env}/{region}',
    'GET /v1/org/{org_id}/team_custom_credentials/{env}/{region}',
    'POST /v1/org/{org_id}/team_custom_credentials/{env}/{region}',
    'DELETE /v1/org/{org_id}/team_custom_credentials/{env}/{region}',
    'POST /v1/org/{org_id}/prepare_team_custom_credentials/{env}/{region}',
  ],
  'endpointsApi.test.ts': [
    'GET /v1/org/{org_id}/team/{team_id}/{environment}/webhook',
    'POST /v1/org/{org_id}/team/{team_id}/{environment}/webhook',
    'GET /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}',
    'PATCH /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}',
    'DELETE /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}',
    'GET /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/secret',
    'GET /v1/org/{org_id}/team/{team_id}/{environment}/webhook/{webhook_id}/attempts',
  ],
  'reference.test.ts': ['GET /openapi.json', 'GET /reference', 'GET /', 'GET /healthz', 'GET /readyz'],
  'browser.test.ts': ['GET /link.js'],
};
