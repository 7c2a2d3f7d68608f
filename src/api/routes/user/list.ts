import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { connectionsByUser } from '../../connectionsByUser';
import { json, wholeNumber } from '../../contract';
import { readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { clientFacingUser } from './clientFacingUser';
import { ClientFacingUser } from './schemas';

const MOST_USERS = 500;

const route = createRoute({
  method: 'get',
  path: '/v2/user',
  operationId: 'listUsers',
  tags: ['Users'],
  summary: 'The team’s users, newest first',
  ...withTeamKey('users:read'),
  request: {
    query: z.object({
      offset: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0),
      limit: wholeNumber(1, MOST_USERS).default(100),
    }),
  },
  responses: {
    200: json(z.object({ users: z.array(ClientFacingUser), total: z.int(), offset: z.int(), limit: z.int() }).openapi('Users'), 'One page'),
    ...readErrors,
  },
});

/** vital-api.md §2.1 */
export const registerListUsers = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { users, connections } = c.var.services;
    const [{ teamId }, page] = [c.var.key, c.req.valid('query')];
    const [found, count] = await Promise.all([users.page(teamId, page), users.count(teamId)]);
    // Past the end there is nothing to count, as the contract has it (vital-api.md §2.3).
    const total = found.length === 0 ? 0 : count;
    const connected = await connectionsByUser(connections, teamId, found);
    return c.json({ users: found.map((user) => clientFacingUser(user, connected(user))), total, ...page }, 200);
  });
