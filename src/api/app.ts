import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { requestId } from 'hono/request-id';
import { accessLog } from './accessLog';
import { answerError } from './answerError';
import { describeApi } from './openapi';
import { refuseInvalid } from './refuseInvalid';
import { routes } from './routes';
import type { Services } from './services';

export type { Services };

export interface ApiEnv {
  Variables: { services: Services; requestId: string };
}

export type Api = OpenAPIHono<ApiEnv>;

/** No request of ours is longer than a form. */
const LONGEST_BODY_BYTES = 64 * 1024;

/** The whole HTTP interface over the given services. */
export function createApp(services: Services): Api {
  // Not strict: the contract's own examples end some paths with a slash (vital-api.md §2.1).
  const api: Api = new OpenAPIHono({ strict: false, defaultHook: refuseInvalid });
  api.onError(answerError);
  api.notFound((c) => c.json({ detail: 'Not found' }, 404));

  api.use(requestId());
  api.use(async (c, next) => {
    c.set('services', services);
    await next();
  });
  api.use(accessLog);
  api.use(bodyLimit({ maxSize: LONGEST_BODY_BYTES }));

  for (const register of routes) register(api);
  describeApi(api);
  return api;
}
