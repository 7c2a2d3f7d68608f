import { RequestError } from '@hono/node-server';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { DexcomError } from '../dexcom/errors';
import { isDatabaseAway } from '../storage/databaseAway';
import { TemporalUnavailable } from '../temporal/temporalUnavailable';
import type { ApiEnv } from './app';
import { ApiError, away, internalError, invalid, regionNotOffered, unknownContentType, unreadable } from './errors';
import { errorPage } from './pages/errorPage';
import { isForPeople } from './pages/isForPeople';
import { servePage } from './pages/servePage';

/** Every error as the contract writes it, or as a page for a person's browser: never a stack, never a text that was not written for callers. */
export function answerError(thrown: unknown, c: Context<ApiEnv>): Response | Promise<Response> {
  const error = asApiError(thrown instanceof ForeignThrow ? thrown.cause : thrown);
  const { log } = c.var.services;
  if (error.status >= 500) log.error({ err: thrown, requestId: c.var.requestId, status: error.status }, 'request failed');
  for (const [name, value] of Object.entries(error.headers)) c.header(name, value);
  if (isForPeople(c)) return servePage(c, errorPage(error.status), error.status);
  return c.json({ detail: error.detail }, error.status);
}

/** Something that was thrown and is no `Error` of this realm, so that Hono would pass it by. */
class ForeignThrow extends Error {
  override readonly name = 'ForeignThrow';
}

/** Lets `answerError` see whatever is thrown. */
export const throwErrors = createMiddleware(async (_c, next) => {
  try {
    await next();
  } catch (thrown) {
    throw new ForeignThrow('not an Error', { cause: thrown });
  }
});

/** Answers what the HTTP server made no request of. */
export const throwUnread = createMiddleware<ApiEnv>(async (c, next) => {
  if (c.env?.unread !== undefined) throw c.env.unread;
  await next();
});

function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof HTTPException) return fromFramework(thrown);
  if (thrown instanceof RequestError) return unreadable();
  if (isDatabaseAway(thrown)) return away('The database');
  if (thrown instanceof TemporalUnavailable) return away('Temporal');
  if (thrown instanceof DexcomError && thrown.kind === 'not_configured') return regionNotOffered();
  return internalError();
}

/** Hono refuses bodies that are not JSON before a schema sees them. */
function fromFramework({ status, message }: HTTPException): ApiError {
  if (status === 400) return invalid({ type: 'json_invalid', loc: ['body'], msg: 'JSON decode error' });
  if (status === 415) return unknownContentType(['application/json']);
  return new ApiError(400, message);
}
