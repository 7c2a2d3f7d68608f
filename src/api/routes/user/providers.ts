import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { Id, Instant, json, UserParams } from '../../contract';
import { notFound, readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { Provider } from '../provider/schemas';
import { connectionStatus } from './connectionStatus';

const Scopes = z.object({ required: z.array(z.string()), optional: z.array(z.string()) });

const ResourceAvailability = z.object({
  status: z.enum(['available', 'unavailable']),
  scope_requirements: z.object({ user_granted: Scopes, user_denied: Scopes }),
});

const nothing = { required: [], optional: [] };
const availability = {
  status: 'available',
  scope_requirements: { user_granted: { ...nothing, required: ['offline_access'] }, user_denied: nothing },
};

const Life = z
  .object({
    state: z.enum(['connected', 'error', 'needs_reauth', 'paused', 'disconnected']),
    reason: z.string().nullable().openapi({ example: null, description: 'Null while all is well; else one of docs/events.md' }),
    since: Instant.nullable(),
    what_next: z.string().openapi({ example: 'Nothing: new readings come by themselves' }),
    silence: z
      .object({ newest_reading: Instant.nullable(), noticed: Instant, cause: z.string().openapi({ example: 'nothing_uploaded' }) })
      .nullable()
      .openapi({ description: 'Nothing has come for longer than this person’s habit' }),
    consent_expires: Instant,
  })
  .openapi('ConnectionLife');

export const ConnectedProvider = Provider.extend({
  created_on: Instant,
  status: z.enum(['connected', 'paused', 'error']),
  external_user_id: z.string().nullable(),
  error_details: z
    .object({ error_type: z.string().openapi({ example: 'token_refresh_failed' }), error_message: z.string(), errored_at: Instant })
    .nullable()
    .openapi({ description: 'Only when the person has to connect again' }),
  resource_availability: z.record(z.string(), ResourceAvailability).openapi({ example: { glucose: availability } }),
  connection_id: Id,
  life: Life,
  newest_reading: Instant.nullable().openapi({ description: 'Measured time of the newest reading stored' }),
  last_poll: Instant.nullable(),
  next_poll: Instant.nullable(),
  last_error: z
    .object({ type: z.string(), message: z.string(), at: Instant })
    .nullable()
    .openapi({ description: 'What went wrong last and is being tried again' }),
}).openapi('ConnectedProvider');

export type ConnectedProvider = z.infer<typeof ConnectedProvider>;

const route = createRoute({
  method: 'get',
  path: '/v2/user/providers/{user_id}',
  operationId: 'listUserProviders',
  tags: ['Users'],
  summary: 'What a user has connected, and how it is doing',
  ...withTeamKey('users:read'),
  request: { params: UserParams },
  responses: {
    200: json(
      z.object({ providers: z.array(ConnectedProvider) }).openapi('ConnectedProviders'),
      'Every connection but the disconnected; those whose ingestion is over are `paused`',
    ),
    ...readErrors,
  },
});

/** vital-api.md §2.2 */
export const registerListUserProviders = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { users, connections, grants } = c.var.services;
    const [{ teamId }, { user_id }] = [c.var.key, c.req.valid('param')];
    const [user, all] = await Promise.all([users.byId(teamId, user_id), connections.ofUser(teamId, user_id)]);
    if (!user) throw notFound();

    // What ended by itself is shown as paused; what was disconnected is gone (vital-api.md §2.2).
    const connected = all.filter(({ desired, ended }) => desired !== 'disconnected' || ended === 'ingestion_end');
    const providers = connected.map(async (connection) => connectionStatus(connection, await grants.read(teamId, connection._id)));
    return c.json({ providers: await Promise.all(providers) }, 200);
  });
