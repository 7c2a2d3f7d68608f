import { createRoute, z } from '@hono/zod-openapi';
import type { UserDoc } from '../../../storage/users';
import type { Api } from '../../app';
import { Id, json } from '../../contract';
import { readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import type { Services } from '../../services';

const USERS_AT_ONCE = 500;

const TeamMetrics = z
  .object({
    team_id: Id,
    number_of_users: z.int(),
    number_of_connected_sources: z.int(),
    number_of_errored_connected_sources: z.int().openapi({ description: 'Whose person has to link again' }),
    number_of_connected_sources_by_week: z
      .array(z.object({ date: z.iso.date().openapi({ example: '2026-11-22' }), value: z.int() }))
      .openapi({ description: 'Always empty' }),
    number_of_ordered_tests: z.literal(0),
  })
  .openapi('TeamMetrics');

const route = createRoute({
  method: 'get',
  path: '/v2/user/metrics',
  operationId: 'getTeamMetrics',
  tags: ['Users'],
  summary: 'How many users and connections the team has',
  ...withTeamKey('users:read'),
  responses: { 200: json(TeamMetrics, 'Counted now'), ...readErrors },
});

/** vital-api.md §2.1 */
export const registerTeamMetrics = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { teamId } = c.var.key;
    const [users, sources] = await Promise.all([c.var.services.users.count(teamId), countSources(c.var.services, teamId)]);
    return c.json(
      {
        team_id: teamId,
        number_of_users: users,
        number_of_connected_sources: sources.connected,
        number_of_errored_connected_sources: sources.errored,
        number_of_connected_sources_by_week: [],
        number_of_ordered_tests: 0 as const,
      },
      200,
    );
  });

/** In as many steps as there are pages of users: a team may be of any size. */
async function countSources({ users, connections, grants }: Services, teamId: string): Promise<{ connected: number; errored: number }> {
  let [connected, errored] = [0, 0];
  let last: UserDoc | null = null;
  for (;;) {
    const page: readonly UserDoc[] = await users.after(teamId, last, USERS_AT_ONCE);
    const all = await connections.ofUsers(
      teamId,
      page.map(({ _id }) => _id),
    );
    const inUse = all.filter(({ desired }) => desired !== 'disconnected').map(({ _id }) => _id);
    connected += inUse.length;
    errored += await grants.countNeedingReauth(teamId, inUse);
    last = page.at(-1) ?? null;
    if (page.length < USERS_AT_ONCE) return { connected, errored };
  }
}
