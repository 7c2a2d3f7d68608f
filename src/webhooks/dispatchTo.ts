import type { MessageDoc } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { Dispatching } from './dispatch';
import { logAttempt } from './logAttempt';
import type { PostFailure, PostOutcome } from './sender';
import { takeTurn } from './takeTurn';
import { troubleOf } from './verdict';

interface Lane {
  readonly endAt: number;
  /** The endpoint has the message, or its backlog knows of it. */
  settle(messageId: string): void;
}

interface Posted {
  /** What was not taken inline, oldest first: nothing was posted of it but the first, if there is a `failure`. */
  readonly rest: readonly MessageDoc[];
  readonly failure: PostFailure | null;
}

/** An inline post may take this long, and an endpoint that takes longer than `SLOW_MS` gets none: cut off here it would be sent everything twice. */
const INLINE_TIMEOUT_MS = 4_000;
export const SLOW_MS = 2_000;

/** One endpoint's part of a dispatch: model in test/models/dispatch.ts, where every step here has its name. */
export async function dispatchTo(
  deps: Dispatching,
  endpoint: WebhookEndpointDoc,
  messages: readonly MessageDoc[],
  lane: Lane,
): Promise<void> {
  const first = takesInline(endpoint) ? await postInline(deps, endpoint, messages, lane) : { rest: messages, failure: null };
  const handed = await leavePending(deps, endpoint, first, lane);
  if (handed.length === 0) return;
  if (first.failure) return wake(deps, endpoint, handed, first.failure, lane);

  // Whoever is healthy by now is left to its backlog too: the drain that has just ended may still find it, and two would post the same.
  const now = await deps.endpoints.get({ teamId: endpoint.teamId }, endpoint._id);
  if (!now || now.disabled) return settleAll(handed, lane);
  await wake(deps, now, handed, null, lane);
}

const takesInline = ({ disabled, state, slowSince }: WebhookEndpointDoc): boolean => !disabled && state === 'healthy' && slowSince === null;

/** Posts one after the other, until something is not taken or there is no time for another. */
async function postInline(deps: Dispatching, endpoint: WebhookEndpointDoc, messages: readonly MessageDoc[], lane: Lane): Promise<Posted> {
  const { teamId, _id: endpointId } = endpoint;
  for (const [n, message] of messages.entries()) {
    const outcome = await postOne(deps, endpoint, message, lane.endAt);
    if (!outcome) return { rest: messages.slice(n), failure: null };
    if (outcome.kind === 'accepted') {
      const delivery = { teamId, endpointId, messageId: message._id, createdAt: message.createdAt };
      // A first try that was taken is kept as its delivery.
      if (!(await deps.deliveries.accept(delivery, outcome))) await logAttempt(deps, delivery, outcome);
      lane.settle(message._id);
    }
    const slow = outcome.tookMs > SLOW_MS;
    if (slow) await deps.endpoints.markSlow(teamId, endpointId, outcome.at);
    if (outcome.kind === 'failed') return { rest: messages.slice(n), failure: outcome };
    if (slow) return { rest: messages.slice(n + 1), failure: null };
  }
  return { rest: [], failure: null };
}

/** @returns null if there was no place or no time for a whole try */
async function postOne(
  { sender, inFlight, endpoints }: Dispatching,
  endpoint: WebhookEndpointDoc,
  message: MessageDoc,
  endAt: number,
): Promise<PostOutcome | null> {
  const beginBy = endAt - SLOW_MS;
  if (Date.now() > beginBy) return null;
  const leave = await inFlight.enter(endpoint._id, beginBy);
  if (!leave) return null;
  try {
    if (!(await takeTurn({ endpoints }, endpoint, beginBy))) return null;
    return await sender.post(endpoint, message, { timeoutMs: Math.min(INLINE_TIMEOUT_MS, endAt - Date.now()) });
  } finally {
    leave();
  }
}

/** @returns those that are pending now; what there was no time for stays undispatched */
async function leavePending(
  deps: Dispatching,
  { teamId, _id: endpointId }: WebhookEndpointDoc,
  { rest, failure }: Posted,
  { endAt }: Lane,
) {
  const handed: MessageDoc[] = [];
  for (const message of rest) {
    if (handed.length > 0 && Date.now() > endAt) break;
    const attempt = handed.length === 0 ? failure : null;
    const delivery = { teamId, endpointId, messageId: message._id, createdAt: message.createdAt };
    await deps.deliveries.leavePending(delivery, attempt);
    if (attempt) await logAttempt(deps, delivery, attempt);
    handed.push(message);
  }
  return handed;
}

async function wake(
  { backlogs }: Dispatching,
  { teamId, _id: endpointId }: WebhookEndpointDoc,
  handed: readonly MessageDoc[],
  failure: PostFailure | null,
  lane: Lane,
): Promise<void> {
  await backlogs.wake(
    { teamId, endpointId },
    failure && { error: failure.error, retryAfterMs: failure.retryAfterMs, trouble: troubleOf(failure.status) },
  );
  settleAll(handed, lane);
}

function settleAll(messages: readonly MessageDoc[], lane: Lane): void {
  for (const { _id } of messages) lane.settle(_id);
}
