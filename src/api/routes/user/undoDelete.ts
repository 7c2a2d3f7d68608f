import { createRoute, z } from '@hono/zod-openapi';
import { TemporalUnavailable } from '../../../temporal/temporalUnavailable';
import { followTeam } from '../../../users/followTeam';
import { undoDeletion } from '../../../users/undoDeletion';
import type { Api } from '../../app';
import { Id, json } from '../../contract';
import { invalid, notFound, readErrors, unauthorized } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import type { Services } from '../../services';
import { ClientUserId, Success } from './schemas';

const Query = z.object({ user_id: Id.optional(), client_user_id: ClientUserId.optional() });

const route = createRoute({
  method: 'post',
  path: '/v2/user/undo_delete',
  operationId: 'undoDeleteUser',
  tags: ['Users'],
  summary: 'Bring a deleted user back',
  description:
    'Within seven days, and unless the `client_user_id` has been used again. Give one of the two ids. Connections do not come back: the person ' +
    'links again, and finds their data.',
  ...withTeamKey('users:write'),
  request: { query: Query },
  responses: { 200: json(Success, 'The user is back'), ...readErrors },
});

/** vital-api.md §2.1 */
export const registerUndoDelete = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services, key } = c.var;
    const user = await undoDeletion(services, key.teamId, wantedOf(c.req.valid('query')));
    if (!user) throw notFound('There is no deletion that can be undone');
    if (!(await followTeam(services, user))) throw unauthorized('The team is being deleted');
    await tellUndone(services, user._id);
    return c.json({ success: true } as const, 200);
  });

function wantedOf({ user_id, client_user_id }: z.infer<typeof Query>): Parameters<typeof undoDeletion>[2] {
  if (user_id !== undefined && client_user_id === undefined) return { userId: user_id };
  if (client_user_id !== undefined && user_id === undefined) return { clientUserId: client_user_id };
  throw invalid({ type: 'value_error', loc: ['query'], msg: 'Value error, give either user_id or client_user_id' });
}

/** The user is back whether the workflow hears of it or not: untold it finds out when it would erase. */
async function tellUndone({ erasures, log }: Services, userId: string): Promise<void> {
  try {
    await erasures.tellUndone(userId);
  } catch (err) {
    if (!(err instanceof TemporalUnavailable)) throw err;
    log.warn({ err, userId }, 'an erasure was not told that its user is back');
  }
}
