import type { MessageDoc } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { Dispatching } from './dispatch';
import { leaveToBacklog, type Untaken } from './leaveToBacklog';
import { logAttempt } from './logAttempt';
import type { PostOutcome } from './sender';
import { takeTurn } from './takeTurn';

interface Lane {
  readonly endAt: number;
  /** The endpoint has the message, or its backlog knows of it. */
  settle(messageId: string): void;
}

/** An inline post may take this long, and an endpoint that takes longer than `SLOW_MS` gets none: cut off here it would be sent everything twice. */
const INLINE_TIMEOUT_MS = 4_000;
export const SLOW_MS = 2_000;
/** Younger than a dispatch lasts: nobody has tried it before. */
const FRESH_MS = 3_000;

/** One endpoint's part of a dispatch: model in test/models/dispatch.ts, where every step here has its name. */
export async function dispatchTo(
  deps: Dispatching,
  endpoint: WebhookEndpointDoc,
  messages: readonly MessageDoc[],
  lane: Lane,
): Promise<void> {
  const first = takesInline(endpoint, messages) ? await postInline(deps, endpoint, messages, lane) : { rest: messages, failure: null };
  await leaveToBacklog(deps, endpoint, first);
  for (const { _id } of first.rest) lane.settle(_id);
}

/** Somebody may have tried it, or be at it: its workflow, or the repair. The endpoint's one workflow posts it once, whoever has left it there. */
export const isLate = ({ createdAt }: MessageDoc): boolean => createdAt < Date.now() - FRESH_MS;

const takesInline = ({ disabled, state, slowSince, notBefore }: WebhookEndpointDoc, messages: readonly MessageDoc[]): boolean =>
  !disabled && state === 'healthy' && slowSince === null && (notBefore ?? 0) <= Date.now() && !messages.some(isLate);

/** Posts one after the other, until something is not taken or there is no time for another. */
async function postInline(deps: Dispatching, endpoint: WebhookEndpointDoc, messages: readonly MessageDoc[], lane: Lane): Promise<Untaken> {
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
