import type { Context } from 'hono';
import { DEXCOM_SLUG } from '../../../connect/connectServices';
import type { LinkFailure, LinkOutcome } from '../../../connect/linkOutcome';
import { withOutcome } from '../../../connect/redirects';
import type { LinkSessionDoc } from '../../../storage/linkSessions';
import { endPage } from '../../pages/endPage';
import { servePage } from '../../pages/servePage';

/**
 * Tells how connecting ended: 307 to the app (vital-api.md §3.2), JSON for an app that asked for it, else a page of our own.
 * @param retryUrl where the person can try again, if that makes sense
 */
export function answerOutcome(
  c: Context,
  session: LinkSessionDoc | null,
  outcome: LinkOutcome,
  retryUrl: string | null,
): Response | Promise<Response> {
  if (c.req.header('x-vital-sdk-no-redirect') !== undefined) return c.json(asJson(session, outcome));
  if (session?.redirectUrl) {
    c.header('cache-control', 'no-store');
    c.header('referrer-policy', 'no-referrer');
    return c.redirect(withOutcome(session.redirectUrl, outcome), 307);
  }
  return servePage(c, endPage(outcome, retryUrl), outcome.state === 'success' ? 200 : statusOf(outcome));
}

const statusOf = ({ errorType }: LinkFailure): 400 | 410 => (errorType === 'token_expired' || errorType === 'token_consumed' ? 410 : 400);

/** ProviderLinkResponse, vital-api.md §3.3. */
const asJson = (session: LinkSessionDoc | null, outcome: LinkOutcome): object => ({
  state: outcome.state,
  redirect_url: session?.redirectUrl ? withOutcome(session.redirectUrl, outcome) : null,
  error_type: outcome.state === 'error' ? outcome.errorType : null,
  error: outcome.state === 'error' ? outcome.error : null,
  provider_mfa: null,
  provider: DEXCOM_SLUG,
  connected: outcome.state === 'success',
  provider_id: null,
});
