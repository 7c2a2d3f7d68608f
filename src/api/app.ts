import type { HttpBindings } from '@hono/node-server';
import { OpenAPIHono } from '@hono/zod-openapi';
import { requestId } from 'hono/request-id';
import { accessLog } from './accessLog';
import { answerError, throwErrors, throwUnread } from './answerError';
import { answerUnmatched } from './answerUnmatched';
import { neverKept } from './neverKept';
import { describeApi } from './openapi';
import { readBodyStrictly, refuseForeignBody, refuseLongBody } from './refuseBody';
import { refuseInvalid } from './refuseInvalid';
import { routes } from './routes';
import { createRouteTable } from './routeTable';
import type { Services } from './services';

export type { Services };

export interface ApiEnv {
  Bindings: HttpBindings & {
    /** Why there is no request to answer. */
    readonly unread?: unknown;
  };
  Variables: { services: Services; requestId: string };
}

export type Api = OpenAPIHono<ApiEnv>;

/** The whole HTTP interface over the given services. */
export function createApp(services: Services): Api {
  // Not strict: the contract's own examples end some paths with a slash (vital-api.md §2.1).
  const api: Api = new OpenAPIHono({ strict: false, defaultHook: refuseInvalid });
  api.onError(answerError);
  api.notFound((c) => answerUnmatched(c, table));

  api.use(requestId());
  api.use(async (c, next) => {
    c.set('services', services);
    await next();
  });
  api.use(accessLog);
  api.use(neverKept, throwErrors, throwUnread);
  api.use(
    refuseLongBody,
    refuseForeignBody(() => table),
    readBodyStrictly,
  );

  for (const register of routes) register(api);
  describeApi(api);
  const table = createRouteTable(api);
  return api;
}
