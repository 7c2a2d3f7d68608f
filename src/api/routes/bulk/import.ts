import { createRoute, z } from '@hono/zod-openapi';
import { beginImport } from '../../../bulk/beginImport';
import type { Api } from '../../app';
import { body, Id, json } from '../../contract';
import { invalid, writeErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { runBulk, usersWith } from './run';
import { BulkImportBody, refuseOtherProviders } from './schemas';

const BulkImported = z.object({ user_ids_imported: z.array(Id), user_ids_failed: z.array(Id) }).openapi('BulkImported');

const route = createRoute({
  method: 'post',
  path: '/v2/link/bulk_import',
  operationId: 'bulkImportConnections',
  tags: ['Link'],
  summary: 'Take over connections made elsewhere',
  description:
    'The tokens must have been issued to the Dexcom app that people of this team consent to; whoever had them must not use them any more. Each is ' +
    'settled like a consent: Dexcom is asked whose account it is, `provider.connection.created` is sent, its history is read. Safe to repeat.',
  ...withTeamKey('connections:transfer'),
  request: { body: body(BulkImportBody) },
  responses: { 200: json(BulkImported, 'Done'), 202: json(z.object({}), 'Under way: see `GET /v2/link/bulk_op`'), ...writeErrors },
});

/** vital-api.md §3.6 */
export const registerBulkImport = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services, key } = c.var;
    const { provider, connections, wait_for_completion: wait, region = null } = c.req.valid('json');
    refuseOtherProviders(provider);
    const offered = await services.dexcom.regionsOf(key.teamId);
    if (region !== null && !offered.includes(region))
      throw invalid({ type: 'value_error', loc: ['body', 'region'], msg: `Connections can be in ${offered.join(', ')}`, input: region });

    const items = [];
    for (const { user_id: userId, access_token: accessToken, refresh_token: refreshToken, expires_at } of connections)
      items.push(
        await beginImport(services, { teamId: key.teamId, region }, { userId, accessToken, refreshToken, expiresAt: expires_at * 1000 }),
      );
    const ended = await runBulk(services, { teamId: key.teamId, type: 'link_bulk_import', items, wait });
    if (!ended) return c.json({}, 202);
    return c.json({ user_ids_imported: usersWith(ended, 'done'), user_ids_failed: usersWith(ended, 'failed') }, 200);
  });
