import { createRoute } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { readErrors } from '../../errors';
import { managedTeam, withManagementKey } from '../../security/managementKey';
import { credentials } from './credentials';
import { CREDENTIALS, Credentials, CredentialsBody, CredentialsParams, dexcomRegionAt } from './schemas';

const route = createRoute({
  method: 'post',
  path: CREDENTIALS,
  operationId: 'setCustomCredentials',
  tags: ['Management'],
  summary: 'Bring a Dexcom app of the team’s own along',
  description:
    'From now on the team’s people consent to it in that region. Those who consented to another app stay connected: what issued a grant renews it.',
  ...withManagementKey(),
  request: { params: CredentialsParams, body: body(CredentialsBody) },
  responses: { 200: json(Credentials, 'The credentials, without their secret'), ...readErrors },
});

/** vital-api.md §1.3 */
export const registerSetCredentials = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { team_id, client_id: clientId, client_secret: clientSecret, redirect_url_override } = c.req.valid('json');
    const { _id: teamId } = await managedTeam(c, team_id);
    const app = { clientId, clientSecret, redirectUri: redirect_url_override ?? null };
    const stored = await c.var.services.dexcomCredentials.put(teamId, dexcomRegionAt(c.req.valid('param')), app);
    return c.json(credentials(teamId, stored), 200);
  });
