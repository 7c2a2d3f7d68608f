import { createRoute, z } from '@hono/zod-openapi';
import { type ConnectServices, DEXCOM_SLUG } from '../../../connect/connectServices';
import { type FoundLink, findLinkSession } from '../../../connect/findLinkSession';
import {
  type LinkOutcome,
  notSettledYet,
  scopesMissing,
  signInUnfinished,
  tokenInvalid,
  userCancelled,
} from '../../../connect/linkOutcome';
import { linkProblem } from '../../../connect/linkProblem';
import { redeemCode } from '../../../connect/redeemCode';
import { regionsFor } from '../../../connect/signInUrl';
import { perhapsWrongRegion } from '../../../connect/wrongRegion';
import type { Api } from '../../app';
import { pageErrors, refused } from '../../errors';
import { answerOutcome } from './answerOutcome';
import { linkPageUrl } from './linkPageUrl';

const CallbackQuery = z.object({
  state: z.string().default('').openapi({ description: 'The link token' }),
  code: z.string().max(2_048).optional(),
  error: z.string().optional(),
});

/** For the person whose browser it is. */
const page = { 'text/html': { schema: z.string() } } as const;

/** For an app that asked for it; an error is a 200 as well (vital-api.md §3.3). */
const Ended = z
  .object({
    state: z.enum(['success', 'error']),
    redirect_url: z.string().nullable(),
    error_type: z.string().nullable(),
    error: z.string().nullable(),
    provider_mfa: z.null(),
    provider: z.literal(DEXCOM_SLUG),
    connected: z.boolean(),
    provider_id: z.null(),
  })
  .openapi('LinkEnd', {
    example: {
      state: 'success',
      redirect_url: null,
      error_type: null,
      error: null,
      provider_mfa: null,
      provider: DEXCOM_SLUG,
      connected: true,
      provider_id: null,
    },
  });

const route = createRoute({
  method: 'get',
  path: '/v2/link/connect/{provider}',
  operationId: 'linkCallback',
  tags: ['Link'],
  summary: 'Where a provider’s sign-in sends the browser back to',
  description:
    'Answers 307 to the `redirect_url` of the link token with `state=success`, or `state=error`, `error_type` and `error`; without a ' +
    '`redirect_url` a page. With the header `x-vital-sdk-no-redirect` the same as JSON. Safe to reload.',
  request: { params: z.object({ provider: z.string() }), query: CallbackQuery },
  responses: {
    200: {
      description: 'Connected, and there is no `redirect_url`; or, as JSON, how it ended',
      content: { ...page, 'application/json': { schema: Ended } },
    },
    307: { description: 'To the app, with the outcome in its query' },
    410: { description: 'The link has been used or has expired, and there is no `redirect_url`', content: page },
    ...pageErrors,
  },
});

/** vital-api.md §3.2 */
export const registerLinkCallback = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services } = c.var;
    if (c.req.valid('param').provider !== DEXCOM_SLUG) throw refused(400, 'INVALID_PROVIDER', `Only ${DEXCOM_SLUG} is connected this way`);

    const query = c.req.valid('query');
    const found = await findLinkSession(services, query.state);
    if (!found) return answerOutcome(c, { outcome: tokenInvalid, session: null, retryUrl: null, opener: null });

    const outcome = await outcomeOf(services, found, query);
    const again = outcome.state === 'error' && outcome !== notSettledYet && isWorthRetrying(outcome.errorType);
    const retryUrl = again ? linkPageUrl(services, { linkToken: query.state }) : null;
    return answerOutcome(c, { outcome, session: found.session, retryUrl, opener: found.token.path.opener ?? null });
  });

async function outcomeOf(
  services: ConnectServices,
  { session, token: { path } }: FoundLink,
  { code, error }: z.infer<typeof CallbackQuery>,
): Promise<LinkOutcome> {
  const isOver = session.step.kind === 'open' && session.expiresAt <= Date.now();
  if (error === undefined && code && !isOver) return redeemCode(services, session, { code, path });
  // Another tab may have connected meanwhile: trying again with this link would lead nowhere.
  const problem = linkProblem(session, Date.now());
  if (problem) return problem;
  if (error === 'invalid_scope') return scopesMissing;
  return perhapsWrongRegion(error === 'access_denied' ? userCancelled : signInUnfinished, await regionsFor(services, session));
}

const isWorthRetrying = (errorType: string): boolean => !['invalid_token', 'token_expired', 'token_consumed'].includes(errorType);
