import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from './app';
import { bodyTooLarge, unknownContentType } from './errors';
import type { RouteTable } from './routeTable';

const LONGEST_BODY_BYTES = 1024 * 1024;

const limitBody = bodyLimit({
  maxSize: LONGEST_BODY_BYTES,
  onError: () => {
    throw bodyTooLarge();
  },
});

/**
 * Refuses with 413 what is too long, also what does not say how long it is. Of a GET no body is ever read, and looking for one costs as much as
 * the rest of the way to its route.
 */
export const refuseLongBody = createMiddleware<ApiEnv>(async (c, next) => (c.req.method === 'GET' ? next() : limitBody(c, next)));

/** Refuses with 415 a body of a type that its route does not read. */
export const refuseForeignBody = (table: () => RouteTable) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const taken = hasBody(c.req.raw.headers) ? table().bodyTypesAt(c.req.method, c.req.path) : null;
    const given = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (taken && !taken.includes(given ?? '')) throw unknownContentType(taken);
    await next();
  });

/**
 * Makes a body that is not UTF-8 no JSON, whatever charset it says it has (RFC 8259 §8.1). The usual reader takes another character for what it
 * cannot decode: two people's ids would be one, and one would be shown the other's readings.
 */
export const readBodyStrictly = createMiddleware<ApiEnv>(async (c, next) => {
  c.req.json = async () => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await c.req.arrayBuffer()));
  await next();
});

const hasBody = (headers: Headers): boolean => headers.has('transfer-encoding') || Number(headers.get('content-length') ?? 0) > 0;
