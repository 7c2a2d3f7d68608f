import type { MessageDoc } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { waitMs } from '../workflows/backlogOutcome';
import { backlogPolicy } from '../workflows/backlogPolicy';
import type { Dispatching } from './dispatch';
import { logAttempt } from './logAttempt';
import type { PostFailure } from './sender';
import { troubleOf } from './verdict';

/** What of an endpoint's messages was not taken inline. */
export interface Untaken {
  /** Oldest first; nothing was posted of it but the first, if there is a `failure`. */
  readonly rest: readonly MessageDoc[];
  readonly failure: PostFailure | null;
}

/**
 * Makes messages pending for an endpoint and tells its workflow, which alone posts what is pending. Repeatable, and by several at once: what is
 * pending or accepted stays so, and one workflow more is not started. Model in test/models/dispatch.ts.
 * @throws whatever storage or Temporal threw; then the workflow may not know of them
 */
export async function leaveToBacklog(deps: Dispatching, endpoint: WebhookEndpointDoc, { rest, failure }: Untaken): Promise<void> {
  if (rest.length === 0) return;
  const { teamId, _id: endpointId } = endpoint;
  const notBefore = failure && askedFor(failure);
  // A workflow that runs is not started, and hears no more than that it is called.
  const isHeard = notBefore === null || (await deps.endpoints.noteWait(endpoint, notBefore));
  await Promise.all(rest.map((message, n) => leavePending(deps, endpoint, message, n === 0 ? failure : null, isHeard ? notBefore : null)));
  if (failure && isHeard) {
    const { error, retryAfterMs, status } = failure;
    return deps.backlogs.wake({ teamId, endpointId }, { error, retryAfterMs, trouble: troubleOf(status) });
  }

  // Whoever is healthy by now is left to its backlog too: the drain that has just ended may still find it, and two would post the same.
  const now = await deps.endpoints.get({ teamId }, endpointId);
  if (now && !now.disabled) await deps.backlogs.wake({ teamId, endpointId }, null);
}

/** @returns until when it asked to be left alone, Unix milliseconds; null if it did not */
const askedFor = ({ retryAfterMs }: PostFailure): number | null =>
  retryAfterMs === null ? null : Date.now() + waitMs(1, retryAfterMs, 0, backlogPolicy);

async function leavePending(
  deps: Dispatching,
  { teamId, _id: endpointId }: WebhookEndpointDoc,
  { _id: messageId, createdAt }: MessageDoc,
  attempt: PostFailure | null,
  nextAttemptAt: number | null,
): Promise<void> {
  const delivery = { teamId, endpointId, messageId, createdAt };
  await deps.deliveries.leavePending(delivery, attempt);
  if (attempt) await logAttempt(deps, delivery, attempt, nextAttemptAt);
}
