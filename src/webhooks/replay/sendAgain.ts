import type { Attempts } from '../../storage/attempts';
import type { Messages } from '../../storage/messages';
import type { ReplayedDeliveries, ReplayRun } from '../../storage/replayedDeliveries';
import type { WebhookEndpointDoc } from '../../storage/webhookEndpointDoc';
import { logAttempt } from '../logAttempt';
import type { PastDelivery } from '../withDeliveries';

interface Stores {
  readonly messages: Messages;
  readonly attempts: Attempts;
  readonly replayed: ReplayedDeliveries;
}

/** Makes what was chosen pending for an endpoint, under the ids it always had. Repeatable: in one run each once. */
export async function sendAgain(
  { messages, attempts, replayed }: Stores,
  { teamId, _id: endpointId }: WebhookEndpointDoc,
  chosen: readonly PastDelivery[],
  run: ReplayRun,
): Promise<void> {
  for (const { message, delivery } of chosen) {
    if (!delivery) {
      await replayed.add({ teamId, endpointId, messageId: message._id, createdAt: message.createdAt }, run);
      continue;
    }
    if (delivery.replayed?.by === run.id) continue;
    if (delivery.state === 'pending') {
      await replayed.hurry(delivery, run);
      continue;
    }
    const { state, attempts: count, acceptedAt, lastStatus, lastLatencyMs } = delivery;
    // Its delivery is all that is kept of a first try that was taken, and is about to tell of another one.
    if (state === 'accepted' && count === 1 && acceptedAt !== null && lastStatus !== null) {
      await logAttempt({ attempts }, delivery, {
        ...{ kind: 'accepted', at: acceptedAt, status: lastStatus, error: null, tookMs: lastLatencyMs ?? 0 },
      });
    }
    await replayed.again(delivery, run);
  }
  // By its targets a message's deliveries are found when it is erased.
  const added = chosen.filter(({ delivery }) => delivery === null || delivery.replayed?.by === run.id).map(({ message }) => message._id);
  if (added.length > 0) await messages.addTarget(teamId, added, endpointId);
}
