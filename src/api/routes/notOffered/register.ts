import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app';
import { json } from '../../contract';
import { linkErrors, readErrors, refused } from '../../errors';
import { withLinkToken } from '../../security/linkToken';
import { withTeamKey } from '../../security/teamKey';
import { type NotOffered, notOffered } from './table';

const Refusal = z
  .object({ detail: z.object({ error_type: z.string(), error_message: z.string() }) })
  .openapi('NotOffered', { example: { detail: { error_type: 'NOT_OFFERED', error_message: 'What there is instead' } } });

/** They answer in the contract's shape what there is instead, so that an app's developer reads why, and not that a page is missing. */
export function registerNotOffered(api: Api): void {
  for (const one of notOffered) {
    api.openapi(routeOf(one), () => {
      throw refused(400, one.errorType, one.sentence);
    });
  }
}

function routeOf({ method, path, operationId, tag, opener, sentence }: NotOffered) {
  const opened = opener === 'link token' ? { ...withLinkToken(), errors: linkErrors } : { ...withTeamKey(opener), errors: readErrors };
  const { security, middleware, errors } = opened;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return createRoute({
    method,
    path,
    operationId,
    tags: [tag],
    summary: 'Not offered',
    description: `${sentence}. Always refused; here so that the official clients’ methods are answered with a reason.`,
    security,
    middleware,
    request: { params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) },
    responses: { ...errors, 400: json(Refusal, 'Always') },
  });
}
