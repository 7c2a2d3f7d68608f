import { createRoute, z } from '@hono/zod-openapi';
import type { UserDoc } from '../../../storage/users';
import type { Api } from '../../app';
import { decimalNumber, Id, json, UserParams } from '../../contract';
import { limitedErrors, notFound, tooMany } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import type { Services } from '../../services';
import { refreshConnection } from './refreshConnection';

/** How Vital writes a provider's timeseries here (vital-api.md §4). */
const SOURCE = 'dexcom_v3/vitals/glucose';
const NO_SOURCES = 'user has no connected sources';

const Sources = z.array(z.string()).openapi({ example: [] });

const Refreshed = z
  .object({
    success: z.literal(true),
    user_id: Id,
    refreshed_sources: Sources.openapi({ example: [SOURCE] }),
    in_progress_sources: Sources,
    failed_sources: Sources,
  })
  .openapi('Refreshed');

const NotRefreshed = z
  .object({ success: z.literal(false), user_id: Id, error: z.string().openapi({ example: NO_SOURCES }), failed_sources: Sources })
  .openapi('NotRefreshed');

const route = createRoute({
  method: 'post',
  path: '/v2/user/refresh/{user_id}',
  operationId: 'refreshUser',
  tags: ['Users'],
  summary: 'Fetch a user’s newest readings now',
  description:
    'At most eight times an hour for each user; one refused for that is not counted, nor is one that ends with a 5xx. It need not be called to ' +
    'have fresh readings: those come by themselves as soon as Dexcom shows them.',
  ...withTeamKey('users:write'),
  request: {
    params: UserParams,
    query: z.object({ timeout: decimalNumber(5, 60).default(10).openapi({ description: 'Seconds to wait' }) }),
  },
  responses: {
    200: json(Refreshed, 'Done; what failed is named and is being tried again'),
    202: json(Refreshed, 'Still running; what it brings comes by webhook'),
    ...limitedErrors,
    400: json(NotRefreshed, 'There is nothing to refresh'),
  },
});

/** vital-api.md §4 */
export const registerRefreshUser = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services, key } = c.var;
    const { user_id } = c.req.valid('param');
    const [user, connections] = await Promise.all([
      services.users.byId(key.teamId, user_id),
      services.connections.ofUser(key.teamId, user_id),
    ]);
    if (!user) throw notFound();
    const running = connections.filter(({ desired }) => desired === 'running');
    if (running.length === 0) return c.json(nothingToRefresh(user_id), 400);

    const timeoutMs = c.req.valid('query').timeout * 1000;
    const outcomes = await counted(services, user, () =>
      Promise.all(running.map((connection) => refreshConnection(services, connection, timeoutMs))),
    );
    const sources = (wanted: (typeof outcomes)[number]) => outcomes.filter((outcome) => outcome === wanted).map(() => SOURCE);
    const answer = {
      success: true,
      user_id,
      refreshed_sources: sources('refreshed'),
      in_progress_sources: sources('in_progress'),
      failed_sources: sources('failed'),
    } as const;
    return c.json(answer, answer.in_progress_sources.length > 0 ? 202 : 200);
  });

/** What fails was not had, so it does not count. @throws ApiError 429 */
async function counted<T>(
  { refreshLimits }: Services,
  { teamId, _id }: Pick<UserDoc, 'teamId' | '_id'>,
  work: () => Promise<T>,
): Promise<T> {
  const now = Date.now();
  const turn = await refreshLimits.take(teamId, _id, now);
  if (turn.kind === 'refused') throw tooMany('A user is refreshed eight times an hour at most', turn.retryAt - now);
  try {
    return await work();
  } catch (error) {
    await refreshLimits.giveBack(teamId, _id, now);
    throw error;
  }
}

const nothingToRefresh = (user_id: string): z.infer<typeof NotRefreshed> => ({
  success: false,
  user_id,
  error: NO_SOURCES,
  failed_sources: [],
});
