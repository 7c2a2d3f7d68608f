import type { Context } from 'hono';
import { type FoundLink, findLinkSession } from '../../../connect/findLinkSession';
import {
  type LinkFailure,
  regionUnsupported,
  tokenConsumed,
  tokenExpired,
  tokenInvalid,
  userCancelled,
} from '../../../connect/linkOutcome';
import { withOutcome } from '../../../connect/redirects';
import { regionsFor, signInUrl } from '../../../connect/signInUrl';
import type { DexcomRegion } from '../../../dexcom/region';
import type { LinkSessionDoc } from '../../../storage/linkSessions';
import type { Api, ApiEnv } from '../../app';
import { linkPage } from '../../pages/linkPage';
import { servePage } from '../../pages/servePage';
import { answerOutcome } from './answerOutcome';

/**
 * What `link_web_url` opens: for people, so it is not in the API's contract. A token for one provider goes straight there if there is one region
 * (vital-api.md §3.2); else the person chooses, by a link that comes back here with the `region`.
 */
export const registerLinkPage = (api: Api): unknown =>
  api.get('/link', async (c) => {
    const { services } = c.var;
    const linkToken = c.req.query('token') ?? '';
    const found = await findLinkSession(services, linkToken);
    const problem = problemOf(found, Date.now());
    if (!found || problem) return answerOutcome(c, found?.session ?? null, problem ?? tokenInvalid, null);

    const { session } = found;
    const regions = await regionsFor(services, session);
    const asked = c.req.query('region');
    const chosen = asked === undefined ? onlyChoice(session, regions) : regions.find((region) => region === asked);
    const retryUrl = `${services.publicUrl}/link?token=${linkToken}`;
    if (chosen) return depart(c, session, { linkToken, region: regions.length > 1 ? chosen : null, opener: null });
    if (chosen === undefined) return answerOutcome(c, session, regionUnsupported, regions.length > 0 ? retryUrl : null);

    const choices = regions.map((region) => ({ region, href: `${retryUrl}&region=${region}` }));
    return servePage(c, linkPage({ choices, cancel: cancelUrl(session) }), 200);
  });

/** @returns null if the person should choose; undefined if there is nothing to choose from */
function onlyChoice({ provider, filterOnProviders }: LinkSessionDoc, regions: readonly DexcomRegion[]): DexcomRegion | null | undefined {
  const oneProvider = provider !== null || filterOnProviders?.length === 1;
  return regions.length > 1 || (regions.length === 1 && !oneProvider) ? null : regions[0];
}

async function depart(c: Context<ApiEnv>, session: LinkSessionDoc, departure: Parameters<typeof signInUrl>[2]): Promise<Response> {
  c.header('cache-control', 'no-store');
  c.header('referrer-policy', 'no-referrer');
  return c.redirect(await signInUrl(c.var.services, session, departure), 302);
}

function problemOf(found: FoundLink | null, now: number): LinkFailure | null {
  if (!found) return tokenInvalid;
  if (found.session.step.kind === 'consumed') return tokenConsumed;
  return found.session.expiresAt <= now ? tokenExpired : null;
}

const cancelUrl = ({ onClose, redirectUrl }: LinkSessionDoc): string | null =>
  onClose === 'redirect' && redirectUrl !== null ? withOutcome(redirectUrl, userCancelled) : null;
