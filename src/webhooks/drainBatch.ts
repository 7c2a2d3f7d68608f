import type { DeliveryDoc } from '../storage/deliveries';
import type { WebhookEndpointDoc } from '../storage/webhookEndpoints';
import { SLOW_MS } from './dispatchTo';
import type { Drain, Draining, DrainRun } from './drainBacklog';
import { POSTS_IN_FLIGHT } from './inFlight';
import { inLanes } from './inLanes';
import { POST_TIMEOUT_MS } from './sender';

/** Places are taken for a post's time at most. */
const PLACE_MS = 2 * POST_TIMEOUT_MS;

/**
 * Posts one batch, until something is not taken. The first goes one by one, so that who comes back from an outage is not overrun and a short
 * backlog arrives in its order; later ones in several lanes, in each of which one connection's events keep theirs.
 * @param run what it has brought is added there
 */
export async function drainBatch(
  deps: Draining,
  drain: Drain,
  endpoint: WebhookEndpointDoc,
  batch: readonly DeliveryDoc[],
  run: DrainRun,
): Promise<void> {
  const ids = batch.map(({ messageId }) => messageId);
  const messages = new Map((await deps.messages.read(drain.teamId, ids)).map((message) => [message._id, message]));
  const connectionOf = ({ messageId }: DeliveryDoc): string => messages.get(messageId)?.connectionId ?? messageId;
  const lanes = run.accepted === 0 ? 1 : POSTS_IN_FLIGHT;

  await inLanes(batch, { lanes, keyOf: connectionOf }, async (delivery) => {
    const message = messages.get(delivery.messageId);
    if (!message) {
      await deps.deliveries.withdraw(delivery);
      return true;
    }
    await run.pace();
    drain.signal.throwIfAborted();
    const leave = await deps.inFlight.enter(endpoint._id, Date.now() + PLACE_MS);
    if (!leave) throw new Error('no place for a post came free');

    const outcome = await deps.sender.post(endpoint, message, { timeoutMs: POST_TIMEOUT_MS, signal: drain.signal }).finally(leave);
    // Stopped by us: that says nothing about the endpoint.
    if (outcome.kind === 'failed') drain.signal.throwIfAborted();

    if (outcome.kind === 'accepted') {
      await deps.deliveries.acceptPending(delivery, outcome);
      run.accepted++;
      run.slowSince = outcome.tookMs > SLOW_MS ? (run.slowSince ?? outcome.at) : null;
    } else {
      await deps.deliveries.noteFailure(delivery, outcome);
      run.failure = outcome;
    }
    drain.progress(run.accepted);
    return outcome.kind === 'accepted';
  });
}
