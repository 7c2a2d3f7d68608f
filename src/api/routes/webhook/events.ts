import { z } from '@hono/zod-openapi';
import { catalogue } from '../../../webhooks/catalogue';
import { isOperational } from '../../../webhooks/operational';
import type { Api } from '../../app';

/** Writes the events that endpoints get into the contract, from the catalogue (vital-api.md §6.2–6.4). Serves nothing. */
export function describeEvents(api: Api): void {
  for (const { type, summary, description, example } of catalogue) {
    const envelope = z
      .object({
        event_type: z.literal(type),
        user_id: isOperational(type) ? z.string().nullable() : z.string(),
        client_user_id: isOperational(type) ? z.null() : z.string(),
        team_id: z.string(),
        ...(!isOperational(type) && { sequence: z.int() }),
        test: z.literal(true).optional().openapi({ description: 'Of an event that was asked for as a test; else it is not there' }),
        data: z.looseObject({}),
      })
      .openapi({ example });
    api.openAPIRegistry.registerWebhook({
      method: 'post',
      path: type,
      operationId: type,
      tags: ['Events'],
      summary,
      description: `${description} Signed by Standard Webhooks, under \`webhook-*\` and \`svix-*\` headers. It may come more than once: the id tells repeats.`,
      request: { body: { content: { 'application/json': { schema: envelope } } } },
      responses: { 200: { description: 'Any 2xx within 15 s takes it; everything else is tried again' } },
    });
  }
}
