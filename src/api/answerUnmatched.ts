import type { Context } from 'hono';
import type { ApiEnv } from './app';
import { type ApiError, methodNotAllowed, notFound, refused } from './errors';
import { notOfferedFamily } from './routes/notOffered/families';
import type { RouteTable } from './routeTable';
import { presentedManagementKey } from './security/key';
import { openManagementKey } from './security/managementKey';
import { openTeamKey } from './security/teamKey';

/**
 * A path that nobody has, or that has other methods. OPTIONS tells them; it never allows another origin, so no browser's page calls this API
 * with somebody's key.
 * @throws ApiError 404, 405; of what Vital offers and this engine does not: 401, 403, and to whoever has the key 400 with the reason
 */
export async function answerUnmatched(c: Context<ApiEnv>, table: RouteTable): Promise<Response> {
  const methods = table.methodsAt(c.req.path);
  if (methods.length === 0) throw await whyNotHere(c);
  const allowed = [...methods, 'OPTIONS'].join(', ');
  if (c.req.method !== 'OPTIONS') throw methodNotAllowed(allowed);
  return c.body(null, 204, { allow: allowed });
}

async function whyNotHere(c: Context<ApiEnv>): Promise<ApiError> {
  const family = notOfferedFamily(c.req.path);
  if (!family) return notFound();
  if (family.opener === 'management key')
    await openManagementKey(c.var.services, presentedManagementKey(c), family.paths.exec(c.req.path)?.groups?.['orgId']);
  else await openTeamKey(c, family.opener);
  return refused(400, 'NOT_OFFERED', family.sentence);
}
