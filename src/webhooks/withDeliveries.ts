import { type Deliveries, type DeliveryDoc, deliveryId } from '../storage/deliveries';
import type { PastMessage } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';

/** A past event, and what one endpoint's standing with it is; without a delivery it was never sent it. */
export interface PastDelivery {
  readonly message: PastMessage;
  readonly delivery: DeliveryDoc | null;
}

/** In the order of `messages`; one read. */
export async function withDeliveries(
  deliveries: Deliveries,
  { teamId, _id: endpointId }: WebhookEndpointDoc,
  messages: readonly PastMessage[],
): Promise<PastDelivery[]> {
  const ids = messages.map(({ _id }) => deliveryId(_id, endpointId));
  const known = new Map((await deliveries.read(teamId, ids)).map((delivery) => [delivery.messageId, delivery]));
  return messages.map((message) => ({ message, delivery: known.get(message._id) ?? null }));
}
