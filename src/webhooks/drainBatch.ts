import type { DeliveryDoc } from '../storage/deliveries';
import type { MessageDoc } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { convict, type Suspect } from './convict';
import type { Drain, Draining, DrainRun } from './drainBacklog';
import { POSTS_IN_FLIGHT } from './inFlight';
import { inLanes } from './inLanes';
import { logAttempt } from './logAttempt';
import { postPending } from './postPending';
import { mayBeTheMessage, verdictOf } from './verdict';

/**
 * Posts one batch, until the endpoint is seen to fail. The first goes one by one, so that who comes back from an outage is not overrun and a short
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
  const messages = await messagesOf(deps, drain.teamId, batch);
  const connectionOf = ({ messageId }: DeliveryDoc): string => messages.get(messageId)?.connectionId ?? messageId;
  const lanes = run.accepted === 0 ? 1 : POSTS_IN_FLIGHT;

  await inLanes(batch, { lanes, keyOf: connectionOf }, async (delivery) => {
    const message = messages.get(delivery.messageId);
    if (!message) {
      await deps.deliveries.withdraw(delivery);
      return true;
    }
    const outcome = await postPending(deps, drain, endpoint, { delivery, message, run });
    if (outcome.kind === 'failed') return judge({ delivery, message, outcome });

    // They were refused, and this one is taken: it was their fault.
    for (const suspect of run.suspects.splice(0)) await convict(deps, drain, endpoint, suspect);
    return true;
  });

  /** @returns whether to go on */
  async function judge(suspect: Suspect): Promise<boolean> {
    const { status } = suspect.outcome;
    if (mayBeTheMessage(status) && tookOthersSince(suspect, run)) {
      await convict(deps, drain, endpoint, suspect);
      return true;
    }
    if (verdictOf(status) === 'refused') {
      run.suspects.push(suspect);
      if (run.suspects.length < drain.policy.suspects) return true;
    } else {
      await logAttempt(deps, suspect.delivery, suspect.outcome);
    }
    run.failure ??= suspect.outcome;
    return false;
  }
}

export async function messagesOf({ messages }: Draining, teamId: string, batch: readonly DeliveryDoc[]): Promise<Map<string, MessageDoc>> {
  const found = await messages.read(
    teamId,
    batch.map(({ messageId }) => messageId),
  );
  return new Map(found.map((message) => [message._id, message]));
}

/** Not taken, then another taken, and not taken again. */
const tookOthersSince = ({ delivery }: Suspect, { lastAcceptedAt }: DrainRun): boolean =>
  delivery.lastAttemptAt !== null && lastAcceptedAt !== null && lastAcceptedAt > delivery.lastAttemptAt;
