import type { DeliveryDoc } from '../storage/deliveries';
import type { MessageDoc } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { convict, type Suspect } from './convict';
import type { Drain, Draining, DrainRun } from './drainBacklog';
import { endByFailure } from './endByFailure';
import { POSTS_IN_FLIGHT } from './inFlight';
import { inLanes } from './inLanes';
import { logAttempt } from './logAttempt';
import { postPending } from './postPending';
import { retryAt } from './refusal';
import { isUnanswered, mayBeTheMessage, verdictOf } from './verdict';

/**
 * Posts one batch, until the endpoint is seen to fail or the drain's time is over. The first goes one by one, so that who comes back from an outage is not overrun and a short
 * backlog arrives in its order; later ones in several lanes, in each of which one connection's events keep theirs.
 * @param run what it has brought is added there
 * @returns whether all of it was dealt with: what was read a while ago may be deleted, disabled or erased by now, and is to be read again
 */
export async function drainBatch(
  deps: Draining,
  drain: Drain,
  endpoint: WebhookEndpointDoc,
  batch: readonly DeliveryDoc[],
  run: DrainRun,
): Promise<boolean> {
  const staleAt = Math.min(run.stopAt, Date.now() + drain.policy.batchFreshMs);
  let whole = true;
  const messages = await messagesOf(deps, drain.teamId, batch);
  const connectionOf = ({ messageId }: DeliveryDoc): string => messages.get(messageId)?.connectionId ?? messageId;
  const lanes = run.accepted === 0 ? 1 : POSTS_IN_FLIGHT;

  await inLanes(batch, { lanes, keyOf: connectionOf }, async (delivery) => {
    if (Date.now() >= staleAt) {
      whole = false;
      return false;
    }
    const message = messages.get(delivery.messageId);
    if (!message) {
      await deps.deliveries.erase(drain.teamId, [delivery._id]);
      return true;
    }
    const outcome = await postPending(deps, drain, endpoint, { delivery, message, run });
    if (!outcome) return true;
    if (outcome.kind === 'failed') return judge({ delivery, message, outcome });

    // They were not taken, and this one is: it was their fault.
    const suspects = run.suspects.splice(0);
    run.suspects.push(...suspects.filter((suspect) => !speaksAgainst(outcome.at, suspect)));
    for (const suspect of suspects.filter((one) => speaksAgainst(outcome.at, one))) await convict(deps, drain, endpoint, suspect);
    return true;
  });
  return whole;

  /** @returns whether to go on */
  async function judge(suspect: Suspect): Promise<boolean> {
    const { status } = suspect.outcome;
    if (mayBeTheMessage(status) && tookOthersSince(suspect, run) && !(isUnanswered(status) && isLastTry(suspect, drain))) {
      await convict(deps, drain, endpoint, suspect);
      return true;
    }
    if (verdictOf(status) === 'refused' || mayBeHungUpon(suspect, run)) {
      run.suspects.push(suspect);
      if (run.suspects.length < drain.policy.suspects) return true;
      endByFailure(drain, run, suspect.outcome);
    } else {
      endByFailure(drain, run, suspect.outcome);
      await logAttempt(deps, suspect.delivery, suspect.outcome, run.nextTryAt);
    }
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

/** No answer to one that was refused while others were taken: one more is posted to see, which costs a timeout at most. */
const mayBeHungUpon = ({ delivery, outcome }: Suspect, { suspects }: DrainRun): boolean =>
  isUnanswered(outcome.status) && delivery.refusals > 0 && !suspects.some(({ outcome: { status } }) => isUnanswered(status));

const isLastTry = ({ delivery, outcome }: Suspect, { policy }: Drain): boolean =>
  retryAt(delivery.refusals + 1, outcome.retryAfterMs, { now: 0, random: 0, policy }) === null;

/** What an endpoint took while it was silent to another says nothing: only what was sent after that does. Clocks and durations are rounded. */
const speaksAgainst = (sentAt: number, { outcome: { status, at, tookMs } }: Suspect): boolean =>
  !isUnanswered(status) || sentAt >= at + tookMs - 1;
