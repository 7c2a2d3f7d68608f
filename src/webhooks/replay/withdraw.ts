import type { DeliveryDoc } from '../../storage/deliveries';
import type { Messages } from '../../storage/messages';
import type { ReplayedDeliveries } from '../../storage/replayedDeliveries';
import type { ReplayDoc } from '../../storage/replays';
import type { WebhookEndpointDoc } from '../../storage/webhookEndpointDoc';
import type { WebhookEndpoints } from '../../storage/webhookEndpoints';
import { runOf } from './runOf';

export interface Withdrawing {
  readonly messages: Messages;
  readonly endpoints: WebhookEndpoints;
  readonly replayed: ReplayedDeliveries;
}

/**
 * Takes back what a cancelled replay has made pending, but what another one waits for, too, and what has been tried by then. Repeatable; what is
 * being posted at the moment still comes.
 */
export async function withdraw({ messages, endpoints, replayed }: Withdrawing, replay: ReplayDoc): Promise<void> {
  const { teamId, endpointId } = replay;
  const run = runOf(replay).id;
  const endpoint = await endpoints.get({ teamId }, endpointId);
  if (!endpoint) return;

  const aside = await replayed.asideBy({ teamId, endpointId }, run);
  for (const delivery of aside) {
    if (delivery.replayed?.was) await replayed.withdraw(delivery, run);
    else if (!mayBeCaughtUpWith(endpoint, replay)) await withdrawUnsent({ messages, replayed }, delivery, run);
  }
}

/** What it was never sent its catch-up has passed over, since it was pending. */
const mayBeCaughtUpWith = ({ catchUp, updatedAt }: WebhookEndpointDoc, { startedAt }: ReplayDoc): boolean =>
  catchUp !== null || updatedAt >= startedAt;

/** The target goes first: one without a delivery would be taken for one that is about to have it. */
async function withdrawUnsent(
  { messages, replayed }: Pick<Withdrawing, 'messages' | 'replayed'>,
  delivery: DeliveryDoc,
  run: string,
): Promise<void> {
  const { teamId, endpointId, messageId } = delivery;
  await messages.dropTarget(teamId, messageId, endpointId);
  if (await replayed.withdraw(delivery, run)) await messages.addTarget(teamId, [messageId], endpointId);
}
