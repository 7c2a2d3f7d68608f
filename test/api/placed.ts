import { randomUUID } from 'node:crypto';
import { createKey } from '../../src/admin/createKey';
import { createTeam } from '../../src/admin/createTeam';
import type { Services } from '../../src/api/services';
import { openLinkSession } from '../../src/connect/openLinkSession';
import { createEndpoint } from '../../src/webhooks/createEndpoint';
import { sampleConnection } from '../storage/sampleConnection';
import { aMessage } from '../webhooks/samples';
import type { App } from './apiWorld';
import { everyRoute, type RouteCall } from './everyRoute';

/** A route of the table, ready to be called. */
export interface PlacedCall {
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
  /** What its placeholders became. */
  readonly ids: ReadonlyMap<string, string>;
}

type Make = (services: Services, owner: App, ids: ReadonlyMap<string, string>) => Promise<string> | string;

/** How the thing behind a placeholder is made. A new kind of id gets a line here. */
const makers: Readonly<Record<string, Make>> = {
  new: () => `new-${randomUUID()}`,
  org_id: (_, { orgId }) => orgId,
  team_id: (_, { teamId }) => teamId,
  env: () => 'production',
  environment: () => 'production',
  region: () => 'us',
  provider: () => 'dexcom_v3',
  query_id_or_slug: () => 'a-query',
  oauth_provider: () => 'dexcom_v3',
  user_id: (services, owner) => newUser(services, owner, randomUUID()),
  link_token: newLinkToken,
  client_user_id: async (services, owner) => {
    const clientUserId = `ours-${randomUUID()}`;
    await newUser(services, owner, clientUserId);
    return clientUserId;
  },
  deleted_user_id: async (_, { newUser: create, call }) => {
    const userId = await create();
    await call('DELETE', `/v2/user/${userId}`);
    return userId;
  },
  device_id: async ({ connections, devices }, { teamId }, ids) => {
    const userId = ids.get('user_id') ?? '';
    const [connection] = await connections.ofUser(teamId, userId);
    if (!connection) throw new Error('a device needs a user before it');
    await devices.note(
      connection,
      [{ transmitterId: 'a transmitter', generation: 'g7', variant: null, displayDevice: null, displayApp: null }],
      Date.now(),
    );
    return (await devices.ofUser(teamId, userId))[0]?._id ?? '';
  },
  connection_id: async (services, owner) => {
    const userId = await newUser(services, owner, randomUUID());
    return (await services.connections.ofUser(owner.teamId, userId))[0]?._id ?? '';
  },
  webhook_id: async ({ webhooks }, { teamId }) => {
    const wish = { teamId, environment: 'production', url: 'http://receiver.test:8080/', description: '', payload: 'full' } as const;
    const unlimited = { filterTypes: null, userIds: null, rateLimit: null, disabled: false, secret: null };
    return (await createEndpoint(webhooks, { ...wish, ...unlimited }))._id;
  },
  operation_id: async ({ webhooks }, { teamId }, ids) => {
    const _id = randomUUID();
    await webhooks.replays.insert({
      ...{
        _id,
        teamId,
        endpointId: ids.get('webhook_id') ?? '',
        wish: { kind: 'recover', since: 0 },
        startedAt: Date.now(),
        endedAt: null,
      },
      ...{ outcome: null, after: { at: 0, _id: '' }, lookedAt: 0, queued: 0, waiting: 0 },
    });
    return _id;
  },
  message_id: async ({ feed }, { teamId }) => {
    const message = aMessage({ teamId, dispatched: true });
    await feed.messages.insert(message);
    return message._id;
  },
  consumer_name: async ({ feed }, { teamId }) => {
    const name = `ours-${randomUUID()}`;
    await feed.consumers.put({ teamId, name, position: 0, nonce: null, since: 0, placing: 'here', placedAt: Date.now() });
    return name;
  },
  consumer_cursor: ({ consumerCursors }, { teamId }, ids) =>
    consumerCursors.seal({ teamId, name: ids.get('consumer_name') ?? '', placing: 'here', position: 0, nonce: null }),
  empty_team_id: async ({ teams }, { orgId }) => (await createTeam(teams, { name: 'empty', redirectUrl: [], org: orgId })).teamId,
  api_key_id: async (services, { teamId }) => (await createKey(services, { team: teamId, label: '' })).keyId,
  credential_id: async ({ dexcomCredentials }, { teamId }) =>
    (await dexcomCredentials.put(teamId, 'us', { clientId: 'theirs', clientSecret: 'secret', redirectUri: null })).credentialsId,
  key_id: async (services, { orgId }) => (await createKey(services, { management: true, org: orgId, label: '' })).keyId,
};

/** Makes all that a route needs to be called with success. @param name its line in `everyRoute` */
export async function placed(services: Services, owner: App, name: string): Promise<PlacedCall> {
  const [method = '', pattern = ''] = name.split(' ');
  const { query = '', body, fills = {} }: RouteCall = everyRoute[name] ?? {};
  const ids = new Map<string, string>();
  for (const [, hole = ''] of `${pattern}${query}${JSON.stringify(body ?? '')}`.matchAll(/\{(\w+)\}/g)) {
    if (ids.has(hole)) continue;
    const make = makers[fills[hole] ?? hole];
    if (!make) throw new Error(`${name}: add {${hole}} to test/api/placed.ts`);
    ids.set(hole, await make(services, owner, ids));
  }
  return { method, path: filled(pattern + query, ids), body: body && JSON.parse(filled(JSON.stringify(body), ids)), ids };
}

/** The same with other ids in place of some. */
export const filled = (text: string, ids: ReadonlyMap<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (hole, name: string) => ids.get(name) ?? hole);

export async function newLinkToken(services: Services, owner: App): Promise<string> {
  const userId = await newUser(services, owner, randomUUID());
  const nothing = { provider: null, region: null, filterOnProviders: null, redirectUrl: null, onClose: null };
  return openLinkSession(services, { teamId: owner.teamId, userId, ...nothing });
}

async function newUser({ connections }: Services, { teamId, newUser: create }: App, clientUserId: string): Promise<string> {
  const userId = await create(clientUserId);
  await connections.ensure(sampleConnection({ teamId, userId, clientUserId }));
  return userId;
}
