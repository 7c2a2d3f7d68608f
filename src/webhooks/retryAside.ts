import type { DeliveryDoc } from '../storage/deliveries';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { convict } from './convict';
import type { Drain, Draining, DrainRun } from './drainBacklog';
import { messagesOf } from './drainBatch';
import { logAttempt } from './logAttempt';
import { postPending } from './postPending';
import { mayBeTheMessage } from './verdict';

const BATCH = 50;

/**
 * Tries those that stand aside and are due, one by one, while the endpoint is healthy. One that is not taken again counts only if another was
 * taken meanwhile; if nobody knows, it goes back among the others and the endpoint is failing: `run.failure`.
 */
export async function retryAside(deps: Draining, drain: Drain, endpoint: WebhookEndpointDoc, run: DrainRun): Promise<void> {
  const aside = await deps.deliveries.asideOf(drain, BATCH);
  const due = aside.filter(({ nextAttemptAt }) => nextAttemptAt !== null && nextAttemptAt <= Date.now());
  const messages = await messagesOf(deps, drain.teamId, due);

  for (const delivery of due) {
    const message = messages.get(delivery.messageId);
    if (!message) {
      await deps.deliveries.withdraw(delivery);
      continue;
    }
    const outcome = await postPending(deps, drain, endpoint, { delivery, message, run });
    if (outcome.kind === 'accepted') continue;
    if (mayBeTheMessage(outcome.status) && (await tookOthersSince(deps, delivery))) {
      await convict(deps, drain, endpoint, { delivery, message, outcome });
      continue;
    }
    await logAttempt(deps, delivery, outcome);
    await deps.endpoints.markFailing(drain.teamId, endpoint._id);
    await deps.deliveries.takeBack(delivery);
    run.failure = outcome;
    return;
  }
}

const tookOthersSince = ({ deliveries }: Draining, delivery: DeliveryDoc): Promise<boolean> =>
  deliveries.hasAcceptedSince(delivery, delivery.lastAttemptAt ?? delivery.createdAt);
