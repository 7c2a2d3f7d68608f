import { createRoute, z } from '@hono/zod-openapi';
import { exportConnection } from '../../../bulk/exportConnection';
import { DEXCOM_SLUG } from '../../../connect/connectServices';
import type { UserPosition } from '../../../storage/users';
import type { Api } from '../../app';
import { body, json } from '../../contract';
import { invalid, readErrors, refused, writeErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import type { Services } from '../../services';
import { BulkExportBody, ConnectionRecipe, refuseOtherProviders } from './schemas';

const USERS_AT_ONCE = 100;

const route = createRoute({
  method: 'post',
  path: '/v2/link/bulk_export',
  operationId: 'bulkExportConnections',
  tags: ['Link'],
  summary: 'Hand connections with their tokens to another engine',
  description:
    'A refresh token can be spent once: disconnect or pause here what is used elsewhere from now on. Connections whose person has to link again ' +
    'have no tokens worth handing over and are left out. Each call is logged with the key that made it, never with a token.',
  ...withTeamKey('connections:transfer'),
  request: { body: body(BulkExportBody) },
  responses: {
    200: json(z.object({ data: z.array(ConnectionRecipe), next_token: z.string().nullable() }).openapi('BulkExported'), 'One page'),
    ...writeErrors,
    ...readErrors,
  },
});

/** vital-api.md §3.6 */
export const registerBulkExport = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services, key } = c.var;
    const { provider, user_ids = null, next_token: token = null } = c.req.valid('json');
    refuseOtherProviders(provider);
    if (user_ids && user_ids.length > USERS_AT_ONCE)
      throw refused(400, 'INVALID_REQUEST', `Export at most ${USERS_AT_ONCE} users at once, or all of them page by page`);

    const page = user_ids
      ? { userIds: await services.users.idsAmong(key.teamId, user_ids), next: null }
      : await pageOfUsers(services, key.teamId, token === null ? null : opened(services, token));
    const connections = await services.connections.ofUsers(key.teamId, page.userIds);
    const wanted = connections.filter((connection) => connection.provider === DEXCOM_SLUG && connection.desired !== 'disconnected');
    const recipes = (await Promise.all(wanted.map((connection) => exportConnection(services, connection)))).flatMap(
      (recipe) => recipe ?? [],
    );
    services.log.warn({ teamId: key.teamId, keyId: key.keyId, connections: recipes.length }, 'connections were exported with their tokens');
    return c.json({ data: recipes.map(shown), next_token: page.next }, 200);
  });

async function pageOfUsers(
  { users, exportCursors }: Services,
  teamId: string,
  after: UserPosition | null,
): Promise<{ userIds: string[]; next: string | null }> {
  const found = await users.after(teamId, after, USERS_AT_ONCE);
  const last = found.length === USERS_AT_ONCE ? found.at(-1) : undefined;
  const next = last ? exportCursors.seal({ createdAt: last.createdAt, _id: last._id }) : null;
  return { userIds: found.map(({ _id }) => _id), next };
}

function opened({ exportCursors }: Services, token: string): UserPosition {
  const position = exportCursors.open(token);
  if (position === null) throw invalid({ type: 'value_error', loc: ['body', 'next_token'], msg: 'Not a token of an export', input: token });
  return position;
}

const shown = ({ userId, accessToken, refreshToken, providerId, expiresAt }: Exported): z.infer<typeof ConnectionRecipe> => ({
  user_id: userId,
  access_token: accessToken,
  refresh_token: refreshToken,
  provider_id: providerId,
  expires_at: Math.floor(expiresAt / 1000),
  oauth_scopes: ['offline_access'],
});

type Exported = NonNullable<Awaited<ReturnType<typeof exportConnection>>>;
