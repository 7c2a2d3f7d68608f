import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Scope } from '../../storage/apiKeys';
import type { ApiEnv } from '../app';
import { unauthorized } from '../errors';
import { openKey, presentedTeamKey } from './key';
import { openSignInToken } from './signInToken';

/** Whose data a request may see: what every query carries. */
export type KeyEnv = ApiEnv & { Variables: { key: OpenedKey } };

interface OpenedKey {
  readonly teamId: string;
  readonly keyId: string;
  readonly orgId: string;
  readonly scopes: readonly Scope[];
}

/** Spread into a route's contract: a team's key with `scope` opens it, and says so in its documentation. */
export const withTeamKey = (scope: Scope) => ({
  security: [{ apiKey: [scope] }, { bearer: [scope] }],
  middleware: createMiddleware<KeyEnv>(async (c, next) => {
    c.set('key', await openTeamKey(c, scope));
    await next();
  }),
});

/** What stands behind the key or token of a request that needs `scope`. @throws ApiError 401, 403 */
export async function openTeamKey(c: Pick<Context<ApiEnv>, 'req' | 'var'>, scope: Scope): Promise<OpenedKey> {
  const presented = presentedTeamKey(c);
  const signedIn = await openSignInToken(c.var.services, presented, { scope, userId: c.req.param('user_id') });
  const { teamId, keyId, orgId, scopes } = signedIn ?? (await openKey(c.var.services, presented, scope));
  if (teamId === null) throw unauthorized('A management key does not open a team’s data');
  return { teamId, keyId, orgId, scopes };
}
