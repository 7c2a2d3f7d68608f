import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { Id, json } from '../../contract';
import { readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { Success } from './schemas';
import { wish } from './wish';

const route = createRoute({
  method: 'delete',
  path: '/v2/user/{user_id}/{provider}',
  operationId: 'disconnectProvider',
  tags: ['Users'],
  summary: 'Disconnect a provider',
  description:
    'Nothing is fetched any more, the tokens are dropped; what was fetched stays. Safe to repeat. Linking again brings the connection back. ' +
    'Dexcom takes no consent back from an app: tell the person to withdraw it in their Dexcom account, too.',
  ...withTeamKey('users:write'),
  request: { params: z.object({ user_id: Id, provider: z.string() }) },
  responses: { 200: json(Success, 'It is disconnected'), ...readErrors },
});

/** vital-api.md §2.1 */
export const registerDisconnectProvider = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { user_id: userId, provider } = c.req.valid('param');
    await wish(c.var.services, { teamId: c.var.key.teamId, userId, provider }, 'disconnected');
    return c.json({ success: true } as const, 200);
  });
