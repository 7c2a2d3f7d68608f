import type { Context } from 'hono';
import type { ApiEnv } from './app';
import { methodNotAllowed, notFound } from './errors';
import type { RouteTable } from './routeTable';

/**
 * A path that nobody has, or that has other methods. OPTIONS tells them; it never allows another origin, so no browser's page calls this API
 * with somebody's key.
 * @throws ApiError 404, 405
 */
export function answerUnmatched(c: Context<ApiEnv>, table: RouteTable): Response {
  const methods = table.methodsAt(c.req.path);
  if (methods.length === 0) throw notFound();
  const allowed = [...methods, 'OPTIONS'].join(', ');
  if (c.req.method !== 'OPTIONS') throw methodNotAllowed(allowed);
  return c.body(null, 204, { allow: allowed });
}
