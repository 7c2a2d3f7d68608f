import { createMiddleware } from 'hono/factory';
import type { Scope } from '../../storage/apiKeys';
import type { ApiEnv } from '../app';
import { unauthorized } from '../errors';
import { openKey, presentedTeamKey } from './key';

/** Whose data a request may see: what every query carries. */
export type KeyEnv = { Variables: ApiEnv['Variables'] & { key: { readonly teamId: string; readonly keyId: string } } };

/** Spread into a route's contract: a team's key with `scope` opens it, and says so in its documentation. */
export const withTeamKey = (scope: Scope) => ({
  security: [{ apiKey: [scope] }, { bearer: [scope] }],
  middleware: createMiddleware<KeyEnv>(async (c, next) => {
    const { teamId, keyId } = await openKey(c.var.services, presentedTeamKey(c), scope);
    if (teamId === null) throw unauthorized('A management key does not open a team’s data');
    c.set('key', { teamId, keyId });
    await next();
  }),
});
