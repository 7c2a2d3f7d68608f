import { createRoute, z } from '@hono/zod-openapi';
import { DEXCOM_SLUG } from '../../../connect/connectServices';
import type { Api } from '../../app';
import { json } from '../../contract';
import { linkErrors, refused } from '../../errors';
import { withLinkToken } from '../../security/linkToken';
import { Source } from '../provider/schemas';
import { signInSource } from './signInSource';

const route = createRoute({
  method: 'get',
  path: '/v2/link/provider/oauth/{oauth_provider}',
  operationId: 'getOauthLink',
  tags: ['Link'],
  summary: 'The address of a provider’s sign-in, for a page of your own',
  ...withLinkToken(),
  request: { params: z.object({ oauth_provider: z.string() }) },
  responses: { 200: json(Source, 'Open `oauth_url` in the person’s browser'), ...linkErrors },
});

/** vital-api.md §3.3 */
export const registerOauthLink = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { services, link } = c.var;
    if (c.req.valid('param').oauth_provider !== DEXCOM_SLUG)
      throw refused(400, 'INVALID_PROVIDER', `Only ${DEXCOM_SLUG} is connected this way`);
    return c.json(await signInSource(services, link), 200);
  });
