import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from './app';

/** Answers hold health data and secrets: no cache keeps them unless a route says otherwise, and nobody guesses at their type. */
export const neverKept = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  c.res.headers.set('x-content-type-options', 'nosniff');
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
});
