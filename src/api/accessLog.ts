import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { requestSeconds } from '../metrics';
import type { ApiEnv } from './app';

/** One log line and one measurement per request. The route's pattern, not the path: a path may hold an app's name for somebody, a query a token. */
export const accessLog = createMiddleware<ApiEnv>(async (c, next) => {
  const began = performance.now();
  await next();
  const { services, requestId } = c.var;
  const durationMs = performance.now() - began;
  const request = { method: c.req.method, route: answeringRoute(c), status: c.res.status };
  requestSeconds.observe(request, durationMs / 1000);
  services.log.info({ requestId, ...request, durationMs: Math.round(durationMs) }, 'request');
});

/** The first that matches, as it answers; a literal path stands before one with a parameter in its place. Middleware is for all methods. */
const answeringRoute = (c: Context): string => matchedRoutes(c).find(({ method }) => method !== 'ALL')?.path ?? '/*';
