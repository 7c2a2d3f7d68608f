import type { Context } from 'hono';
import { type FoundLink, findLinkSession } from '../../../connect/findLinkSession';
import { regionUnsupported, tokenInvalid, userCancelled } from '../../../connect/linkOutcome';
import { linkProblem } from '../../../connect/linkProblem';
import { isAllowedOpener, withOutcome } from '../../../connect/redirects';
import { regionsFor, signInUrl } from '../../../connect/signInUrl';
import type { DexcomRegion } from '../../../dexcom/region';
import type { LinkSessionDoc } from '../../../storage/linkSessionDoc';
import type { Api, ApiEnv } from '../../app';
import { linkPage } from '../../pages/linkPage';
import { servePage, tellNobody } from '../../pages/servePage';
import { answerOutcome } from './answerOutcome';
import { linkPageUrl } from './linkPageUrl';

type Page = Context<ApiEnv>;

/**
 * What `link_web_url` and `/link.js` open: for people, so it is not in the API's contract. A token for one provider goes straight there if there
 * is one region (vital-api.md §3.2); else the person chooses, by a link that comes back here with the `region`.
 */
export const registerLinkPage = (api: Api): unknown =>
  api.get('/link', async (c) => {
    const { services } = c.var;
    const linkToken = c.req.query('token') ?? '';
    const found = await findLinkSession(services, linkToken);
    if (!found) return answerOutcome(c, { outcome: tokenInvalid, session: null, retryUrl: null, opener: null });

    const { session } = found;
    const opener = await openerOf(c, found);
    const problem = linkProblem(session, Date.now()) ?? (c.req.query('cancel') === undefined ? null : userCancelled);
    if (problem) return answerOutcome(c, { outcome: problem, session, retryUrl: null, opener });

    const regions = await regionsFor(services, session);
    const asked = c.req.query('region');
    const chosen = asked === undefined ? onlyChoice(session, regions) : regions.find((region) => region === asked);
    const here = { linkToken, opener };
    if (chosen) {
      tellNobody(c);
      return c.redirect(await signInUrl(services, found, { opener, region: regions.length > 1 ? chosen : null }), 302);
    }
    if (chosen === undefined) {
      const retryUrl = regions.length > 0 ? linkPageUrl(services, here) : null;
      return answerOutcome(c, { outcome: regionUnsupported, session, retryUrl, opener });
    }

    const choices = regions.map((region) => ({ region, href: linkPageUrl(services, { ...here, region }) }));
    const cancel = opener ? linkPageUrl(services, { ...here, cancel: '1' }) : cancelUrl(session);
    return servePage(c, linkPage({ choices, cancel }), 200);
  });

/** The page that opened ours, if the team sends browsers to its origin; anybody else's hears nothing. */
async function openerOf(c: Page, { session, token: { path } }: FoundLink): Promise<string | null> {
  const { teams, log } = c.var.services;
  const asked = c.req.query('opener');
  if (asked === undefined) return path.opener ?? null;
  const team = await teams.byId(session.teamId);
  if (team && isAllowedOpener(asked, team.redirectUrls)) return asked;
  log.warn({ sessionId: session._id }, 'a link page was opened by a page whose origin is not on the team’s list of redirect URLs');
  return null;
}

/** @returns null if the person should choose; undefined if there is nothing to choose from */
function onlyChoice({ provider, filterOnProviders }: LinkSessionDoc, regions: readonly DexcomRegion[]): DexcomRegion | null | undefined {
  // Each names Dexcom, once or more: there is no other.
  const oneProvider = provider !== null || filterOnProviders !== null;
  return regions.length > 1 || (regions.length === 1 && !oneProvider) ? null : regions[0];
}

const cancelUrl = ({ onClose, redirectUrl }: LinkSessionDoc): string | null =>
  onClose === 'redirect' && redirectUrl !== null ? withOutcome(redirectUrl, userCancelled) : null;
