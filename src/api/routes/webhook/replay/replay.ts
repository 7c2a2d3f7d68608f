import { createRoute, z } from '@hono/zod-openapi';
import { countReplay } from '../../../../webhooks/replay/countReplay';
import type { Api } from '../../../app';
import { body, Id, json } from '../../../contract';
import { notFound, writeErrors } from '../../../errors';
import { withTeamInPath } from '../../../security/teamInPath';
import { FilterTypes, WEBHOOKS, WebhookParams } from '../schemas';
import { Since } from '../since';
import { begin } from './begin';
import { ReplayHeaders, WebhookReplay } from './schemas';
import { shown } from './shown';

const WebhookReplayBody = z
  .object({
    user_id: Id.nullish().openapi({ description: 'What is told of this user only' }),
    event_types: FilterTypes.optional().openapi({
      description: 'Of these types only, `daily.data.*` for all that begin so',
      example: ['daily.data.*'],
    }),
    from: Since.openapi({ description: 'What was recorded from this instant on …' }),
    to: Since.openapi({
      description: '… to this one, both included; nothing is sent that is recorded after the call',
      example: '2026-11-22T20:00:00Z',
    }),
    dry_run: z.boolean().default(false).openapi({ description: 'Only count', example: false }),
  })
  .refine(({ from, to }) => Date.parse(from) <= Date.parse(to), { path: ['to'], error: 'Earlier than `from`' })
  .openapi('WebhookReplayBody');

const WebhookReplayCount = z
  .object({
    would_send: z.int().openapi({ example: 412 }),
    already_waiting: z.int().openapi({ description: 'They come anyway', example: 3 }),
    complete: z.boolean().openapi({ description: 'False: there are more, to count them all takes longer than an answer may' }),
  })
  .openapi('WebhookReplayCount');

const route = createRoute({
  method: 'post',
  path: `${WEBHOOKS}/{webhook_id}/replay`,
  operationId: 'replayWebhookEvents',
  tags: ['Webhooks'],
  summary: 'Send an endpoint again what was told between two instants',
  description:
    'Whatever it was sent before, taken or not, and of what it was never sent that which its filters let through; not what was told of endpoints. With `dry_run` it is counted and nothing is sent.',
  ...withTeamInPath('webhooks:write'),
  request: { params: WebhookParams, headers: ReplayHeaders, body: body(WebhookReplayBody) },
  responses: {
    200: json(WebhookReplayCount, 'With `dry_run`: how many it would be now'),
    202: json(WebhookReplay, 'Under way: see `GET …/replay/{operation_id}`'),
    ...writeErrors,
  },
});

/** Ours: Vital’s is in its dashboard. */
export const registerReplayWebhookEvents = (api: Api): unknown =>
  api.openapi(route, async (c) => {
    const { webhooks, users } = c.var.services;
    const [{ environment, webhook_id }, given] = [c.req.valid('param'), c.req.valid('json')];
    const { teamId } = c.var.key;
    const endpoint = await webhooks.endpoints.get({ teamId, environment }, webhook_id);
    if (!endpoint) throw notFound();
    // Nothing names somebody who is erased.
    if (given.user_id && !(await users.byId(teamId, given.user_id))) throw notFound('There is no such user');

    const [from, to] = [Math.max(0, Date.parse(given.from)), Math.max(0, Date.parse(given.to))];
    const wish = { kind: 'replay', userId: given.user_id ?? null, types: given.event_types ?? null, from, to } as const;
    if (given.dry_run) {
      const { wouldSend, waiting, isComplete } = await countReplay(webhooks, endpoint, wish);
      return c.json({ would_send: wouldSend, already_waiting: waiting, complete: isComplete }, 200);
    }
    return c.json(shown(await begin(c.var.services, endpoint, wish, c.req.valid('header')['idempotency-key'])), 202);
  });
