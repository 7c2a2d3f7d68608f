import { createRoute, z } from '@hono/zod-openapi';
import { DEXCOM_SLUG } from '../../../connect/connectServices';
import { findLinkSession } from '../../../connect/findLinkSession';
import type { Api } from '../../app';
import { body, json, Token } from '../../contract';
import { notFound, refused, writeErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';
import { Provider, Source } from '../provider/schemas';
import { signInSource } from './signInSource';

const route = createRoute({
  method: 'post',
  path: '/v2/link/start',
  operationId: 'startLink',
  tags: ['Link'],
  summary: 'The address of a provider’s sign-in, asked with the team’s key',
  ...withTeamKey('link:write'),
  request: { body: body(z.object({ link_token: Token, provider: Provider.shape.slug }).openapi('LinkStart')) },
  responses: { 200: json(Source, 'Open `oauth_url` in the person’s browser'), ...writeErrors },
});

/** vital-api.md §3.3, for the older client. */
export const registerStartLink = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { link_token: linkToken, provider } = c.req.valid('json');
    if (provider !== DEXCOM_SLUG) throw refused(400, 'INVALID_PROVIDER', `Only ${DEXCOM_SLUG} is connected this way`);

    const found = await findLinkSession(c.var.services, linkToken);
    if (!found || found.session.teamId !== c.var.key.teamId) throw notFound();
    const { session } = found;
    if (session.step.kind === 'consumed' || session.expiresAt <= Date.now())
      throw refused(400, 'INVALID_REQUEST', 'The link token is used or has expired');
    return c.json(await signInSource(c.var.services, found), 200);
  });
