import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { Id, Instant, json } from '../../contract';
import { linkErrors } from '../../errors';
import { instant } from '../../instant';
import { withLinkToken } from '../../security/linkToken';

const LinkState = z
  .object({
    user_id: Id,
    provider: z.string().nullable(),
    filter_on_providers: z.array(z.string()).nullable(),
    redirect_url: z.string().nullable(),
    expires_at: Instant,
  })
  .openapi('LinkState');

const route = createRoute({
  method: 'get',
  path: '/v2/link/state',
  operationId: 'getLinkState',
  tags: ['Link'],
  summary: 'What a link token was made for',
  ...withLinkToken(),
  responses: { 200: json(LinkState, 'It can still connect somebody'), ...linkErrors },
});

/** vital-api.md §3.3, for the older client. */
export const registerLinkState = (api: Api): unknown =>
  api.openapi(route, (c) => {
    const { userId, provider, filterOnProviders, redirectUrl, expiresAt } = c.var.link.session;
    const filter_on_providers = filterOnProviders && [...filterOnProviders];
    return c.json({ user_id: userId, provider, filter_on_providers, redirect_url: redirectUrl, expires_at: instant(expiresAt) }, 200);
  });
