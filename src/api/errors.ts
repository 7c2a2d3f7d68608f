import { type RouteConfig, z } from '@hono/zod-openapi';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { regionUnsupported } from '../connect/linkOutcome';

/** An answer that is not the one hoped for. Handlers throw it; `src/api/answerError.ts` sends it as `{"detail": …}` (vital-api.md §1.4). */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: ContentfulStatusCode,
    readonly detail: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${status} ${JSON.stringify(detail)}`);
  }
}

/** What was wrong with which part of a request, one of the list in a 422's `detail`. */
export interface InvalidField {
  readonly type: string;
  /** Where: `["body", "client_user_id"]`. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input?: unknown;
}

export const notFound = (detail = 'Not found'): ApiError => new ApiError(404, detail);

/** @param againInMs when it is worth asking again */
export const tooMany = (detail: string, againInMs: number): ApiError =>
  new ApiError(429, detail, { 'retry-after': String(Math.max(1, Math.ceil(againInMs / 1000))) });

export const unauthorized = (detail: string): ApiError => new ApiError(401, detail, { 'www-authenticate': 'Bearer' });

export const invalid = (...fields: readonly InvalidField[]): ApiError => new ApiError(422, fields);

/** @param oldestCursor from where on nothing is missing */
export const cursorExpired = (oldestCursor: string): ApiError =>
  new ApiError(410, {
    error_type: 'CURSOR_EXPIRED',
    error_message: 'What follows this cursor is not kept any more; events may be missed',
    oldest_cursor: oldestCursor,
  });

export const methodNotAllowed = (allowed: string): ApiError => new ApiError(405, 'Method not allowed', { allow: allowed });

/** Nothing can be told of who is asked for what. */
export const unreadable = (): ApiError => new ApiError(400, 'The request’s host or path cannot be read');

export const expectationFailed = (): ApiError => new ApiError(417, 'Of what Expect can ask, only 100-continue is met');

/** The rest of it is not read, so the connection takes no further request. */
export const bodyTooLarge = (): ApiError => new ApiError(413, 'The body is larger than 1 MB', { connection: 'close' });

export const unknownContentType = (taken: readonly string[]): ApiError =>
  new ApiError(415, `The body must be ${taken.join(' or ')}`, { accept: taken.join(', ') });

export const internalError = (): ApiError => new ApiError(500, 'Internal server error');

/** Long enough for a restart, short enough that nobody waits for nothing. */
const AWAY_RETRY_SECONDS = '5';

export const away = (what: string): ApiError => new ApiError(503, `${what} is away; try again`, { 'retry-after': AWAY_RETRY_SECONDS });

/** The body as Vital's link endpoints write it: `INVALID_PROVIDER`, `MISSING_LINK_TOKEN` … (vital-api.md §1.4). */
export const refused = (status: 400 | 401 | 409, error_type: string, error_message: string): ApiError =>
  new ApiError(status, { error_type, error_message });

/** Nobody can sign in there: the credentials are withdrawn. */
export const regionNotOffered = (): ApiError => refused(400, 'INVALID_REQUEST', regionUnsupported.error);

const Detail = z.object({ detail: z.unknown() }).openapi('Error');
const error = (description: string, detail: unknown) => ({
  description,
  content: { 'application/json': { schema: Detail, example: { detail } } },
});

const catalogue = {
  400: error('Well formed, but not possible as things are; `detail` says why', {
    error_type: 'INVALID_PROVIDER',
    error_message: 'This engine connects dexcom_v3 only',
  }),
  401: error('No key or token, or one that is wrong, expired or revoked', 'Invalid token'),
  403: error('The key lacks the scope this needs', 'The key lacks the scope users:read'),
  404: error('Not here, or another team’s: the two look alike on purpose', 'Not found'),
  409: error('Not possible in the present state; `detail` says why', 'The connection is disconnected; only a new link brings it back'),
  410: error('What follows the cursor is not there any more; `detail` has the oldest cursor that is good', {
    error_type: 'CURSOR_EXPIRED',
    error_message: 'What follows this cursor is not kept any more; events may be missed',
    oldest_cursor: '…',
  }),
  413: error('The body is too long', 'The body is larger than 1 MB'),
  415: error('The body is of a type that is not read here; `Accept` says which is', 'The body must be application/json'),
  422: error('A parameter is not what it should be; `detail` names it', [
    { type: 'missing', loc: ['body', 'client_user_id'], msg: 'Field required', input: {} },
  ]),
  429: error('Too much is asked; ask again after `Retry-After` seconds', 'Too many calls'),
  500: error('A fault of ours; the log has it under the answer’s `x-request-id`', 'Internal server error'),
  503: error('Temporal or the database is away; try again after `Retry-After` seconds', 'Temporal is away; try again'),
} as const;

const { 400: impossible, 401: unopened, 403: outOfScope, 413: tooLong, 415: foreignType, 422: invalidField, 503: serverAway } = catalogue;

/** The errors that follow from how a route is opened and what it takes; no contract names them. */
export function impliedErrors({ method, path, security = [], request }: RouteConfig): RouteConfig['responses'] {
  const openers = security.flatMap((way) => Object.keys(way));
  return {
    ...(openers.length > 0 && { 401: unopened, ...(openers.includes('linkToken') ? { 400: impossible } : { 403: outOfScope }) }),
    ...(method !== 'get' && { 413: tooLong }),
    ...(request?.body && { 415: foreignType }),
    ...(request && { 422: invalidField }),
    500: catalogue[500],
    ...(path !== '/healthz' && { 503: serverAway }),
  };
}

/** The error half of every reading route's contract, beside what is implied. */
export const readErrors = { 404: catalogue[404] };

/** … of a route that changes something. */
export const writeErrors = { ...readErrors, 400: impossible, 409: catalogue[409] };

/** … of a route that may be asked so often and no more. */
export const limitedErrors = { ...readErrors, 429: catalogue[429] };

/** … of a route that reads the pull feed. */
export const feedErrors = { ...readErrors, 410: catalogue[410] };

/** … of a route of a link. */
export const linkErrors = { 400: impossible };

const alsoAsPage = ({ description, content }: ReturnType<typeof error>) => ({
  description,
  content: { ...content, 'text/html': { schema: z.string() } },
});

/** … of a route that a person's browser comes to: each may be a page. */
export const pageErrors = {
  400: alsoAsPage(impossible),
  422: alsoAsPage(invalidField),
  500: alsoAsPage(catalogue[500]),
  503: alsoAsPage(serverAway),
};
