import { createMiddleware } from 'hono/factory';
import { type FoundLink, findLinkSession } from '../../connect/findLinkSession';
import type { ApiEnv } from '../app';
import { refused } from '../errors';

export type LinkEnv = { Variables: ApiEnv['Variables'] & { link: FoundLink } };

/** Spread into a route's contract: `x-vital-link-token` of a session still open to a connection (vital-api.md §1.1, §1.4). */
export const withLinkToken = () => ({
  security: [{ linkToken: [] }],
  middleware: createMiddleware<LinkEnv>(async (c, next) => {
    const linkToken = c.req.header('x-vital-link-token');
    if (!linkToken) throw refused(400, 'MISSING_LINK_TOKEN', 'The header x-vital-link-token is missing');

    const found = await findLinkSession(c.var.services, linkToken);
    if (!found) throw refused(401, 'INVALID_REQUEST', 'The link token is not valid');
    const { session } = found;
    if (session.step.kind === 'consumed') throw refused(401, 'INVALID_REQUEST', 'The link token has been used already');
    if (session.expiresAt <= Date.now()) throw refused(401, 'INVALID_REQUEST', 'The link token has expired');

    c.set('link', found);
    await next();
  }),
});
