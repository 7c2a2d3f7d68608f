import type { DeliveryDoc } from '../storage/deliveries';
import type { MessageDoc } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { Drain, Draining } from './drainBacklog';
import { logAttempt } from './logAttempt';
import { messageId } from './messageId';
import { attemptExhausted, isOperational } from './operational';
import { retryAt } from './refusal';
import type { PostFailure } from './sender';
import { tellTeam } from './tellTeam';

/** A message that its endpoint did not take. */
export interface Suspect {
  readonly delivery: DeliveryDoc;
  readonly message: MessageDoc;
  readonly outcome: PostFailure;
}

/**
 * The endpoint has refused this message and takes others: it counts against the message, which stands aside until its next try, or is given up.
 * Told before it is written: who dies in between tells the same once more, under the same id.
 */
export async function convict(
  deps: Draining,
  { policy }: Pick<Drain, 'policy'>,
  endpoint: WebhookEndpointDoc,
  { delivery, message, outcome }: Suspect,
): Promise<void> {
  const refusals = delivery.refusals + 1;
  const nextAttemptAt = retryAt(refusals, outcome.retryAfterMs, { now: Date.now(), random: Math.random(), policy });
  await logAttempt(deps, delivery, outcome, nextAttemptAt);
  if (nextAttemptAt !== null) return deps.deliveries.setAside(delivery, refusals, nextAttemptAt);

  if (isOperational(message.type)) {
    // No other endpoint hears of it, so that two do not keep each other busy; the operator does.
    deps.alarms.raise('message.attempt.exhausted', endpoint);
  } else {
    const last = { attempts: delivery.attempts + 1, lastStatus: outcome.status, lastError: outcome.error };
    const event = attemptExhausted(endpoint, message, last);
    // Each time it was asked for anew is a story of its own.
    const story = delivery.replayed ? [delivery._id, delivery.replayed.at] : [delivery._id];
    await tellTeam(deps, endpoint, { id: messageId('exhausted', ...story), userId: message.userId, ...event });
  }
  await deps.deliveries.exhaust(delivery, refusals);
}
