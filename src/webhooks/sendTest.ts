import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { catalogue } from './catalogue';
import type { WebhookServices } from './webhookServices';

const Example = z.looseObject({ event_type: z.string() });

/** Every type of event, each with what a test of it is sent as. */
export const eventTypes: readonly string[] = catalogue.map(({ type }) => type);

/**
 * Sends an endpoint the catalogue's example of an event, marked by `test`, the way all others go that wait for it. Its filters are not asked,
 * no other endpoint gets it, and it is not in the feed.
 * @param type one of `eventTypes`
 * @returns the message's id
 * @throws TemporalUnavailable if it waits, and nobody was told: it comes within minutes
 */
export async function sendTest(
  { messages, deliveries, backlogs }: Pick<WebhookServices, 'messages' | 'deliveries' | 'backlogs'>,
  { _id: endpointId, teamId }: Pick<WebhookEndpointDoc, '_id' | 'teamId'>,
  type: string,
): Promise<string> {
  const messageId = `msg_${randomUUID().replaceAll('-', '')}`;
  const createdAt = Date.now();
  const body = JSON.stringify({ ...exampleOf(type), team_id: teamId, test: true });
  await messages.insertOutsideFeed({
    ...{ _id: messageId, teamId, userId: null, connectionId: null, sequence: null, type, createdAt, body },
    ...{ targets: [endpointId], dispatched: false },
  });
  await deliveries.leavePending({ teamId, endpointId, messageId, createdAt }, null);
  await backlogs.tryNow({ teamId, endpointId });
  await messages.markDispatched(teamId, [messageId]);
  return messageId;
}

function exampleOf(type: string): z.infer<typeof Example> {
  const known = catalogue.find((event) => event.type === type);
  if (!known) throw new Error(`there is no event ${type}`);
  return Example.parse(known.example);
}
