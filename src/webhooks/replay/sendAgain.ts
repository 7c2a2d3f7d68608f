import type { Attempts } from '../../storage/attempts';
import type { Deliveries, DeliveryDoc } from '../../storage/deliveries';
import type { Messages } from '../../storage/messages';
import type { ReplayedDeliveries, ReplayRun } from '../../storage/replayedDeliveries';
import type { WebhookEndpointDoc } from '../../storage/webhookEndpointDoc';
import { logAttempt } from '../logAttempt';
import { type PastDelivery, withDeliveries } from '../withDeliveries';

interface Stores {
  readonly messages: Messages;
  readonly deliveries: Deliveries;
  readonly attempts: Attempts;
  readonly replayed: ReplayedDeliveries;
}

/**
 * Makes what was chosen pending for an endpoint, under the ids it always had. Repeatable: in one run each once.
 * @param page of what waits anyway, what other runs have made pending: it is not withdrawn with them
 */
export async function sendAgain(
  stores: Stores,
  endpoint: WebhookEndpointDoc,
  { chosen, waiting }: { readonly chosen: readonly PastDelivery[]; readonly waiting: readonly PastDelivery[] },
  run: ReplayRun,
): Promise<void> {
  for (const one of chosen) await makePending(stores, endpoint, one, run);
  const withdrawn = await joinOthers(stores, endpoint, waiting, run);
  for (const one of withdrawn) await makePending(stores, endpoint, one, run);

  // By its targets a message's deliveries are found when it is erased.
  const added = [...chosen, ...withdrawn].filter(({ delivery }) => delivery === null || delivery.replayed?.by.includes(run.id));
  const ids = added.map(({ message }) => message._id);
  if (ids.length > 0) await stores.messages.addTarget(endpoint.teamId, ids, endpoint._id);
}

async function makePending(
  { attempts, replayed }: Stores,
  { teamId, _id: endpointId }: WebhookEndpointDoc,
  { message, delivery }: PastDelivery,
  run: ReplayRun,
): Promise<void> {
  if (!delivery) return replayed.add({ teamId, endpointId, messageId: message._id, createdAt: message.createdAt }, run);
  if (delivery.replayed?.by.includes(run.id)) return;
  if (delivery.state === 'pending') {
    if (delivery.replayed) await replayed.join(delivery, run);
    return replayed.hurry(delivery, run);
  }
  if (isKeptOnlyHere(delivery)) {
    await logAttempt({ attempts }, delivery, {
      ...{ kind: 'accepted', at: delivery.acceptedAt, status: delivery.lastStatus, error: null, tookMs: delivery.lastLatencyMs ?? 0 },
    });
  }
  await replayed.again(delivery, run);
}

/** A first try that was taken: its delivery is all that is kept of it, and is about to tell of another one. */
const isKeptOnlyHere = (delivery: DeliveryDoc): delivery is DeliveryDoc & { acceptedAt: number; lastStatus: number } =>
  delivery.state === 'accepted' && delivery.attempts === 1 && delivery.acceptedAt !== null && delivery.lastStatus !== null;

/** @returns what was withdrawn before it could be joined: nobody else sends it now */
async function joinOthers(
  { deliveries, replayed }: Stores,
  endpoint: WebhookEndpointDoc,
  waiting: readonly PastDelivery[],
  run: ReplayRun,
): Promise<readonly PastDelivery[]> {
  const late: PastDelivery['message'][] = [];
  for (const { message, delivery } of waiting) {
    if (delivery?.state === 'pending' && delivery.replayed && !(await replayed.join(delivery, run))) late.push(message);
  }
  if (late.length === 0) return [];
  const now = await withDeliveries(deliveries, endpoint, late);
  return now.filter(({ delivery }) => delivery === null || delivery.replayed?.by.length === 0);
}
