import { setTimeout as delay } from 'node:timers/promises';
import type { DeliveryDoc } from '../storage/deliveries';
import type { MessageDoc } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { SLOW_MS } from './dispatchTo';
import type { Drain, Draining, DrainRun } from './drainBacklog';
import { logAttempt } from './logAttempt';
import { POST_TIMEOUT_MS, type PostOutcome } from './sender';
import { takeTurn } from './takeTurn';

/** More than as many turns as there are places take, at a post a second. */
const TURN_MS = 10_000;
const ASK_AGAIN_MS = 500;
/** Places are taken for a post's time at most. */
const PLACE_MS = 2 * POST_TIMEOUT_MS;

/**
 * Posts one message that waits, with the full time, and records it if it was taken; a failure is only noted, for its caller to judge.
 * Of one that is not there any more nothing is kept: it was erased during the post. One that was taken back meanwhile stands as it did, and the
 * try is told.
 * @returns null if such a one was not taken, or the drain's time was over before it had its turn: there is nothing to judge
 * @throws the drain's reason to stop, or whatever storage threw
 */
export async function postPending(
  deps: Draining,
  drain: Drain,
  endpoint: WebhookEndpointDoc,
  { delivery, message, run }: { readonly delivery: DeliveryDoc; readonly message: MessageDoc; readonly run: DrainRun },
): Promise<PostOutcome | null> {
  await run.pace();
  drain.signal.throwIfAborted();
  const leave = await deps.inFlight.enter(endpoint._id, Date.now() + PLACE_MS);
  if (!leave) throw new Error('no place for a post came free');

  const outcome = await postInTurn().finally(leave);
  if (!outcome) return null;
  // Stopped by us: that says nothing about the endpoint.
  if (outcome.kind === 'failed') drain.signal.throwIfAborted();

  let waits: boolean;
  if (outcome.kind === 'accepted') {
    waits = await deps.deliveries.acceptPending(delivery, outcome);
    // A first try that was taken is kept as its delivery.
    if (waits ? delivery.attempts > 0 : await isKept(deps, delivery)) await logAttempt(deps, delivery, outcome);
    run.accepted++;
    run.lastAcceptedAt = outcome.at;
    run.slowSince = outcome.tookMs > SLOW_MS ? (run.slowSince ?? outcome.at) : null;
  } else {
    waits = await deps.deliveries.noteFailure(delivery, outcome);
    run.firstFailedAt ??= outcome.at;
  }
  drain.progress(run.accepted);
  return waits || outcome.kind === 'accepted' ? outcome : null;

  /** @returns null if the drain's time is over before its turn comes */
  async function postInTurn(): Promise<PostOutcome | null> {
    // Others may have taken all turns for so long, or have a clock that is ahead.
    for (; !(await takeTurn(deps, endpoint, Math.min(Date.now() + TURN_MS, run.stopAt))); await delay(ASK_AGAIN_MS)) {
      drain.signal.throwIfAborted();
      if (Date.now() >= run.stopAt) return null;
      drain.progress(run.accepted);
    }
    drain.signal.throwIfAborted();
    return deps.sender.post(endpoint, message, { timeoutMs: POST_TIMEOUT_MS, signal: drain.signal });
  }
}

const isKept = async ({ deliveries }: Draining, { teamId, messageId, endpointId }: DeliveryDoc): Promise<boolean> =>
  (await deliveries.get(teamId, messageId, endpointId)) !== null;
