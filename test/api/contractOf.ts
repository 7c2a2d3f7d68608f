import type { ApiWorld } from './apiWorld';
import { send } from './apiWorld';

/** Which key opens a route: a team's, a management key, either, or a link token. */
export type Opener = 'team' | 'management' | 'either' | 'link';

export interface Operation {
  /** `GET /v2/user/{user_id}`. */
  readonly name: string;
  /** Null: nobody is asked for a key. */
  readonly opener: Opener | null;
  /** Of a team's key. */
  readonly scope: string | null;
  /** Of a management key. */
  readonly role: string | null;
}

/** Every route of the contract as the API itself tells it. */
export async function operationsOf({ url }: Pick<ApiWorld, 'url'>): Promise<readonly Operation[]> {
  const { paths } = (await send(url, 'GET', '/openapi.json', undefined, {})).body;
  return Object.entries<Record<string, { security?: Security }>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security = [] }]) => ({ name: `${method.toUpperCase()} ${path}`, ...openerOf(security) })),
  );
}

type Security = readonly Readonly<Record<string, readonly string[]>>[];

function openerOf(security: Security): Omit<Operation, 'name'> {
  const known = Object.assign({}, ...security);
  const [scope = null] = known.apiKey ?? [];
  const [role = null] = known.managementKey ?? [];
  return { opener: kindOf(known), scope, role };
}

function kindOf(known: Readonly<Record<string, unknown>>): Opener | null {
  if (known['apiKey'] && known['managementKey']) return 'either';
  if (known['apiKey']) return 'team';
  if (known['managementKey']) return 'management';
  return known['linkToken'] ? 'link' : null;
}
