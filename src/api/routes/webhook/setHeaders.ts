import { createRoute, z } from '@hono/zod-openapi';
import { headerProblem, MOST_HEADERS, MOST_HEADERS_TEXT, sealHeaders } from '../../../webhooks/customHeaders';
import type { Api } from '../../app';
import { body } from '../../contract';
import { type InvalidField, invalid, notFound, readErrors } from '../../errors';
import { withTeamInPath } from '../../security/teamInPath';
import { WEBHOOKS, WebhookParams } from './schemas';

const WebhookHeadersBody = z
  .object({ headers: z.record(z.string(), z.string()).openapi({ example: { 'x-api-key': 'what the receiver asks for' } }) })
  .openapi('WebhookHeadersBody');

const route = createRoute({
  method: 'put',
  path: `${WEBHOOKS}/{webhook_id}/headers`,
  operationId: 'setWebhookHeaders',
  tags: ['Webhooks'],
  summary: 'Send headers of one’s own along, in place of those before',
  description:
    'At most 50, 6 kB together; `{}` sends none. Ours cannot be replaced: `host`, `user-agent`, `content-*`, `webhook-*`, `svix-*`, nor those of the connection.',
  ...withTeamInPath('webhooks:write'),
  request: { params: WebhookParams, body: body(WebhookHeadersBody) },
  responses: { 204: { description: 'They are sent from now on' }, ...readErrors },
});

/** vital-api.md §6.1 */
export const registerSetWebhookHeaders = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { endpoints, keyring } = c.var.services.webhooks;
    const { environment, webhook_id } = c.req.valid('param');
    const headers = checked(c.req.valid('json').headers);
    const sealed = sealHeaders(keyring, webhook_id, headers);
    if (!(await endpoints.setHeaders({ teamId: c.var.key.teamId, environment }, webhook_id, sealed, Date.now()))) throw notFound();
    return c.body(null, 204);
  });

/** Names in lower case. @throws ApiError 422 that names each header that cannot be sent, and repeats no value */
function checked(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value] as const);
  const names = entries.map(([name]) => name);
  const problems = Object.entries(given).flatMap(([name, value]) => {
    const isTwice = names.indexOf(name.toLowerCase()) !== names.lastIndexOf(name.toLowerCase());
    const msg = headerProblem(name, value) ?? (isTwice ? 'It is there twice' : null);
    return msg === null ? [] : [problem(msg, name)];
  });
  if (entries.length > MOST_HEADERS) problems.push(problem(`More than ${MOST_HEADERS}`));
  if (entries.flat().join('').length > MOST_HEADERS_TEXT) problems.push(problem(`Longer than ${MOST_HEADERS_TEXT} characters together`));
  if (problems.length > 0) throw invalid(...problems);
  return Object.fromEntries(entries);
}

const problem = (msg: string, ...names: readonly string[]): InvalidField => ({
  type: 'value_error',
  loc: ['body', 'headers', ...names],
  msg,
});
