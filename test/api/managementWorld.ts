import { createKey } from '../../src/admin/createKey';
import { type Answer, type ApiWorld, type App, openApiWorld, send } from './apiWorld';

/** An organisation's administrator, beside another organisation. */
export interface Management {
  readonly world: ApiWorld;
  readonly app: App;
  readonly theirs: App;
  /** The key of `app`'s organisation. */
  readonly key: string;
  /** Asks under `/v1/org/<ours>`. @param key another one */
  ask(method: string, path: string, body?: unknown, key?: string): Promise<Answer>;
  /** @returns its id */
  newTeam(given?: object): Promise<string>;
  newTeamKey(given?: object): Promise<{ readonly id: string; readonly value: string }>;
  /** The status of a request with a team's key. */
  opens(key: string, path?: string): Promise<number>;
}

export const TEAM_KEYS = '/team_api_keys/production/us';

export async function openManagement(): Promise<Management> {
  const world = await openApiWorld();
  const [app, theirs] = [await world.newApp(), await world.newApp()];
  const { key: ours } = await createKey(world.services, { management: true, org: app.orgId, label: 'ours' });
  const ask: Management['ask'] = (method, path, body, key = ours) =>
    send(world.url, method, `/v1/org/${app.orgId}${path}`, body, { 'x-management-key': key });
  return {
    world,
    app,
    theirs,
    key: ours,
    ask,
    newTeam: async (given = {}) => (await ask('POST', '/team', { name: 'a team', ...given })).body.id,
    newTeamKey: async (given = {}) => (await ask('POST', TEAM_KEYS, { label: 'a key', team_id: app.teamId, ...given })).body,
    opens: async (key, path = '/v2/user') => (await send(world.url, 'GET', path, undefined, { 'x-vital-api-key': key })).status,
  };
}
