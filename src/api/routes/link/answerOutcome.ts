import type { Context } from 'hono';
import { DEXCOM_SLUG } from '../../../connect/connectServices';
import type { LinkFailure, LinkOutcome } from '../../../connect/linkOutcome';
import { withOutcome } from '../../../connect/redirects';
import type { LinkSessionDoc } from '../../../storage/linkSessionDoc';
import { endPage } from '../../pages/endPage';
import { popUpPage, popUpScript } from '../../pages/popUpPage';
import { servePage, tellNobody } from '../../pages/servePage';

export interface LinkEnd {
  readonly outcome: LinkOutcome;
  readonly session: LinkSessionDoc | null;
  /** Where the person can try again, if that makes sense. */
  readonly retryUrl: string | null;
  /** Origin of the page that waits for the end of our pop-up; null: there is none. */
  readonly opener: string | null;
}

/**
 * Tells how connecting ended: JSON for an app that asked for it, a message to the page that opened ours in a pop-up, 307 to the app
 * (vital-api.md §3.2), else a page of our own.
 */
export function answerOutcome(c: Context, { outcome, session, retryUrl, opener }: LinkEnd): Response | Promise<Response> {
  const next = session?.redirectUrl ? withOutcome(session.redirectUrl, outcome) : null;
  const status = outcome.state === 'success' ? 200 : statusOf(outcome);
  tellNobody(c);
  if (c.req.header('x-vital-sdk-no-redirect') !== undefined) return c.json(asJson(outcome, next));
  if (opener) return servePage(c, popUpPage({ outcome, opener, next }), status, popUpScript);
  return next ? c.redirect(next, 307) : servePage(c, endPage(outcome, retryUrl), status);
}

const statusOf = ({ errorType }: LinkFailure): 400 | 410 => (errorType === 'token_expired' || errorType === 'token_consumed' ? 410 : 400);

/** ProviderLinkResponse, vital-api.md §3.3. */
const asJson = (outcome: LinkOutcome, redirectUrl: string | null): object => ({
  state: outcome.state,
  redirect_url: redirectUrl,
  error_type: outcome.state === 'error' ? outcome.errorType : null,
  error: outcome.state === 'error' ? outcome.error : null,
  provider_mfa: null,
  provider: DEXCOM_SLUG,
  connected: outcome.state === 'success',
  provider_id: null,
});
