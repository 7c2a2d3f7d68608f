import type { DeliveryDoc } from '../storage/deliveries';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { convict } from './convict';
import type { Drain, Draining, DrainRun } from './drainBacklog';
import { messagesOf } from './drainBatch';
import { endByFailure } from './endByFailure';
import { postPending } from './postPending';
import { verdictOf } from './verdict';

const BATCH = 50;

/**
 * Tries those that stand aside and are due, one by one, while the endpoint takes others. One that is not taken again counts only if another was
 * taken meanwhile, and only if there was an answer: an endpoint that is away costs nobody a try. If nobody knows, it goes back among the others
 * and the endpoint is failing: `run.failure`.
 * @returns whether all that are due were tried
 */
export async function retryAside(deps: Draining, drain: Drain, endpoint: WebhookEndpointDoc, run: DrainRun): Promise<boolean> {
  const aside = await deps.deliveries.asideOf(drain, BATCH);
  const due = aside.filter(({ nextAttemptAt }) => nextAttemptAt !== null && nextAttemptAt <= Date.now());
  const staleAt = Date.now() + drain.policy.batchFreshMs;
  const messages = await messagesOf(deps, drain.teamId, due);

  for (const delivery of due) {
    if (Date.now() >= staleAt) return false;
    const message = messages.get(delivery.messageId);
    if (!message) {
      await deps.deliveries.erase(drain.teamId, [delivery._id]);
      continue;
    }
    const outcome = await postPending(deps, drain, endpoint, { delivery, message, run });
    if (!outcome || outcome.kind === 'accepted') continue;
    if (verdictOf(outcome.status) === 'refused' && (await tookOthersSince(deps, delivery))) {
      await convict(deps, drain, endpoint, { delivery, message, outcome });
      continue;
    }
    await deps.endpoints.markFailing(drain.teamId, endpoint._id);
    await deps.deliveries.takeBack(delivery);
    run.suspects.push({ delivery, message, outcome });
    endByFailure(drain, run, outcome);
    return false;
  }
  return true;
}

/** Of what is sent again, what was taken long ago says nothing. */
const tookOthersSince = ({ deliveries }: Draining, delivery: DeliveryDoc): Promise<boolean> =>
  deliveries.hasAcceptedSince(delivery, Math.max(delivery.lastAttemptAt ?? delivery.createdAt, delivery.replayed?.at ?? 0));
