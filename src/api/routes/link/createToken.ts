import { createRoute, z } from '@hono/zod-openapi';
import { DEXCOM_SLUG } from '../../../connect/connectServices';
import { openLinkSession } from '../../../connect/openLinkSession';
import { isAllowedRedirect } from '../../../connect/redirects';
import { type DexcomRegion, dexcomRegions } from '../../../dexcom/region';
import type { Api } from '../../app';
import { body, Id, json, Token } from '../../contract';
import { ApiError, invalid, refused, writeErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { linkPageUrl } from './linkPageUrl';

/** What every browser follows and every server reads, with the outcome added to it. */
const LONGEST_URL = 2_048;

const LinkTokenBody = z
  .object({
    user_id: Id,
    provider: z.string().nullish().openapi({ description: 'Skips the choice', example: DEXCOM_SLUG }),
    redirect_url: z
      .string()
      .max(LONGEST_URL)
      .nullish()
      .openapi({ description: 'Where the browser goes afterwards; must be on the team’s list', example: 'https://app.example/connected' }),
    region: z
      .enum(dexcomRegions)
      .nullish()
      .openapi({ description: 'Where the person’s Dexcom account was made, if known; else the person is asked (ours)', example: 'eu' }),
    filter_on_providers: z
      .array(z.string())
      .min(1)
      .nullish()
      .openapi({ description: 'What the link page offers; a provider that is not connected here is passed over', example: [DEXCOM_SLUG] }),
    on_error: z.literal('redirect').nullish().openapi({ description: 'For compatibility: OAuth always redirects' }),
    on_close: z.literal('redirect').nullish(),
  })
  .openapi('LinkTokenBody');

const LinkTokenAnswer = z
  .object({
    link_token: Token.openapi({ description: 'Good for sixty minutes and one connection' }),
    link_web_url: z
      .string()
      .openapi({ description: 'Open this in the person’s browser', example: 'https://continuo.example/link?token=eyJhbGciOi…' }),
  })
  .openapi('LinkToken');

const route = createRoute({
  method: 'post',
  path: '/v2/link/token',
  operationId: 'createLinkToken',
  tags: ['Link'],
  summary: 'Begin connecting a user',
  description:
    'Safe to repeat: asked again with the same words within five minutes, it is the same link until somebody comes back with a code.',
  ...withTeamKey('link:write'),
  request: { body: body(LinkTokenBody) },
  responses: { 200: json(LinkTokenAnswer, 'The token, and the page it opens'), ...writeErrors },
});

/** vital-api.md §3.1 */
export const registerCreateLinkToken = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services, key } = c.var;
    const wanted = c.req.valid('json');
    const [user, team] = await Promise.all([services.users.byId(key.teamId, wanted.user_id), services.teams.byId(key.teamId)]);
    if (!user || !team) throw new ApiError(404, { error_type: 'INVALID_USER_ID', error_message: 'No such user in this team' });
    const filterOnProviders = wanted.filter_on_providers?.filter((provider) => provider === DEXCOM_SLUG) ?? null;
    if ((wanted.provider ?? DEXCOM_SLUG) !== DEXCOM_SLUG || filterOnProviders?.length === 0) throw unknownProvider();
    refuseForeignRedirect(wanted.redirect_url ?? null, team.redirectUrls);
    if (wanted.region) refuseForeignRegion(wanted.region, await services.dexcom.regionsOf(team._id));

    const token = await openLinkSession(services, {
      teamId: team._id,
      userId: user._id,
      provider: wanted.provider ?? null,
      region: wanted.region ?? null,
      filterOnProviders,
      redirectUrl: wanted.redirect_url ?? null,
      onClose: wanted.on_close ?? null,
    });
    return c.json({ link_token: token, link_web_url: linkPageUrl(services, { linkToken: token }) }, 200);
  });

const unknownProvider = (): ApiError => refused(400, 'INVALID_PROVIDER', `This engine connects ${DEXCOM_SLUG} only`);

function refuseForeignRedirect(redirectUrl: string | null, allowed: readonly string[]): void {
  if (redirectUrl === null || isAllowedRedirect(redirectUrl, allowed)) return;
  throw invalid({ type: 'value_error', loc: ['body', 'redirect_url'], msg: 'Not on the team’s list of redirect URLs', input: redirectUrl });
}

function refuseForeignRegion(region: DexcomRegion, offered: readonly DexcomRegion[]): void {
  if (offered.includes(region)) return;
  throw invalid({ type: 'value_error', loc: ['body', 'region'], msg: `People can connect in ${offered.join(', ')}`, input: region });
}
