import { redirectUri } from '../../../connect/connectServices';
import { findLinkSession } from '../../../connect/findLinkSession';
import { type LinkFailure, tokenConsumed, tokenExpired, tokenInvalid, userCancelled } from '../../../connect/linkOutcome';
import { withOutcome } from '../../../connect/redirects';
import type { LinkSessionDoc } from '../../../storage/linkSessions';
import type { Api } from '../../app';
import { linkPage } from '../../pages/linkPage';
import { servePage } from '../../pages/servePage';
import { answerOutcome } from './answerOutcome';

/** What `link_web_url` opens: for people, so it is not in the API's contract. A token for one provider goes straight there (vital-api.md §3.2). */
export const registerLinkPage = (api: Api): unknown =>
  api.get('/link', async (c) => {
    const { services } = c.var;
    const token = c.req.query('token') ?? '';
    const session = await findLinkSession(services, token);
    const problem = problemOf(session, Date.now());
    if (!session || problem) return answerOutcome(c, session, problem ?? tokenInvalid, null);

    const connect = services.dexcom.authorizeUrl({ redirectUri: redirectUri(services), state: token });
    if (session.provider !== null || session.filterOnProviders?.length === 1) {
      c.header('cache-control', 'no-store');
      c.header('referrer-policy', 'no-referrer');
      return c.redirect(connect, 302);
    }
    return servePage(c, linkPage({ connect, cancel: cancelUrl(session) }), 200);
  });

function problemOf(session: LinkSessionDoc | null, now: number): LinkFailure | null {
  if (!session) return tokenInvalid;
  if (session.step.kind === 'consumed') return tokenConsumed;
  return session.expiresAt <= now ? tokenExpired : null;
}

const cancelUrl = ({ onClose, redirectUrl }: LinkSessionDoc): string | null =>
  onClose === 'redirect' && redirectUrl !== null ? withOutcome(redirectUrl, userCancelled) : null;
