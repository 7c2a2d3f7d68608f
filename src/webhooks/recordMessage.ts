import { wantsType } from '../feed/eventTypes';
import type { MessageDoc, Messages } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { WebhookEndpoints } from '../storage/webhookEndpoints';
import { withinLimit } from './withinLimit';

/**
 * Whoever was held up for so long between reading the endpoints and writing an event looks once more for whom it is: an endpoint that was enabled
 * meanwhile would not get it, and its catch-up may be over.
 */
const STALE_MS = 5_000;

/** An event about to be recorded; `id` from `messageId`, `type` and `body` from a builder of `payloads`. */
export type NewMessage = Pick<MessageDoc, 'teamId' | 'userId' | 'connectionId' | 'type' | 'body'> & { readonly id: string };

export interface Outbox {
  readonly messages: Messages;
  readonly endpoints: WebhookEndpoints;
}

/** Records one event for the endpoints subscribed to it now. Repeating it changes nothing: the first one's targets and body stand. */
export const recordMessage = (outbox: Outbox, message: NewMessage): Promise<void> => recordMessages(outbox, message.teamId, [message]);

/**
 * Records events of one team, all of one connection or of none, in the order given, which is the order they are delivered in. Each body gets
 * the number it has among its connection's as `sequence`; a repeat takes numbers that nobody sees.
 */
export async function recordMessages(outbox: Outbox, teamId: string, news: readonly NewMessage[], staleMs = STALE_MS): Promise<void> {
  const [first] = news;
  if (!first) return;
  let readAt = Date.now();
  let endpoints = await outbox.endpoints.enabledOf(teamId);
  let sequence = first.connectionId === null ? null : await outbox.messages.sequences.take(teamId, first.connectionId, news.length);

  let createdAt = 0;
  for (const { id, userId, connectionId, type, body } of news) {
    // Strictly rising, because it is what a backlog is sorted by.
    createdAt = Math.max(Date.now(), createdAt + 1);
    const targets = endpoints.filter((endpoint) => wants(endpoint, { type, userId })).map(({ _id }) => _id);
    const dispatched = targets.length === 0;
    const sent = withinLimit(sequence === null ? body : numbered(body, sequence));
    const isNew = await outbox.messages.insert({
      ...{ _id: id, teamId, userId, connectionId, sequence, type, createdAt, body: sent, targets, dispatched },
    });
    if (sequence !== null) sequence++;

    if (Date.now() < readAt + staleMs) continue;
    readAt = Date.now();
    endpoints = await outbox.endpoints.enabledOf(teamId);
    const late = endpoints.filter((endpoint) => isNew && wants(endpoint, { type, userId }) && !targets.includes(endpoint._id));
    for (const { _id: endpointId } of late) await outbox.messages.addLateTarget(teamId, id, endpointId);
  }
}

/** A JSON object with one field more. */
const numbered = (body: string, sequence: number): string => `${body.slice(0, -1)},"sequence":${sequence}}`;

/** Whether an endpoint's filters let an event through. */
export const wants = ({ filterTypes, userIds }: WebhookEndpointDoc, { type, userId }: Pick<MessageDoc, 'type' | 'userId'>): boolean =>
  wantsType(filterTypes, type) && (userIds === null || (userId !== null && userIds.includes(userId)));
