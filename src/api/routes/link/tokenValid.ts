import { createRoute, z } from '@hono/zod-openapi';
import { findLinkSession } from '../../../connect/findLinkSession';
import type { Api } from '../../app';
import { body, json, Token } from '../../contract';
import { readErrors } from '../../errors';
import { withTeamKey } from '../../security/teamKey';

const route = createRoute({
  method: 'post',
  path: '/v2/link/token/isValid',
  operationId: 'isLinkTokenValid',
  tags: ['Link'],
  summary: 'Whether a link token of the team still connects somebody',
  ...withTeamKey('link:write'),
  request: { body: body(z.object({ token: Token }).openapi('LinkTokenToCheck')) },
  responses: {
    200: json(z.object({ is_valid: z.boolean() }).openapi('LinkTokenValidity'), 'False for one that is used, expired or none of yours'),
    ...readErrors,
  },
});

/** vital-api.md §3.3, for the older client. */
export const registerIsLinkTokenValid = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const found = await findLinkSession(c.var.services, c.req.valid('json').token);
    const session = found?.session.teamId === c.var.key.teamId ? found.session : null;
    return c.json({ is_valid: session !== null && session.step.kind !== 'consumed' && session.expiresAt > Date.now() }, 200);
  });
