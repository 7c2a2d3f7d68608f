import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { ApiEnv } from './app';

/** One line per request. The route's pattern, not the path: a path may hold an app's name for somebody, a query a token. */
export const accessLog = createMiddleware<ApiEnv>(async (c, next) => {
  const began = performance.now();
  await next();
  const { services, requestId } = c.var;
  const durationMs = Math.round(performance.now() - began);
  services.log.info({ requestId, method: c.req.method, route: routePath(c, -1), status: c.res.status, durationMs }, 'request');
});
