import type { MessageCursor, PastMessage } from '../storage/messages';
import type { EndpointCatchUp, WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { Draining } from './drainBacklog';
import { shouldHave } from './missed';

const PAGE = 200;
/** Whoever read the endpoint while it was disabled has recorded the event they had in hand after so long. */
const RECORDING_MS = 10_000;

/** @param since Unix milliseconds @param now when the endpoint is enabled */
export const catchUpFrom = (since: number, now: number): EndpointCatchUp => ({
  since,
  after: { createdAt: since, _id: '' },
  passed: false,
  until: now + RECORDING_MS,
});

/**
 * A step of an endpoint's catch-up: what it was not sent of one page of the team's events becomes pending, oldest first, to be drained with all
 * else. Repeatable: who dies on the way is followed by somebody who does the same again.
 * @returns `more` if there is another page, a Unix instant at which to look for stragglers, or null if it is over or there is none
 */
export async function takeUpMissed(
  { messages, deliveries, endpoints }: Pick<Draining, 'messages' | 'deliveries' | 'endpoints'>,
  endpoint: WebhookEndpointDoc,
): Promise<'more' | number | null> {
  const { teamId, _id: endpointId, catchUp } = endpoint;
  if (catchUp === null) return null;
  const isLast = Date.now() >= catchUp.until;
  if (catchUp.passed && !isLast) return catchUp.until;

  const page = await messages.behind(teamId, catchUp.after, PAGE);
  const due = page.filter((message) => shouldHave(endpoint, message));
  const lacking = due.filter(({ targets }) => !targets.includes(endpointId)).map(({ _id }) => _id);
  // By its targets a message's deliveries are found when it is erased.
  if (lacking.length > 0) await messages.addTarget(teamId, lacking, endpointId);
  for (const { _id: messageId, createdAt } of due) await deliveries.leavePending({ teamId, endpointId, messageId, createdAt }, null);

  const last = page.at(-1);
  if (page.length === PAGE && last) {
    await endpoints.noteCaughtUp(teamId, endpointId, catchUp, { ...catchUp, after: placeOf(last) });
    return 'more';
  }
  await endpoints.noteCaughtUp(teamId, endpointId, catchUp, isLast ? null : { ...catchUp, passed: true, after: again(catchUp) });
  return isLast ? null : catchUp.until;
}

const placeOf = ({ createdAt, _id }: PastMessage): MessageCursor => ({ createdAt, _id });

/** The last look begins before the endpoint was enabled: an event is as old as its recorder says, however late it is written. */
const again = ({ after, until }: EndpointCatchUp): MessageCursor => {
  const createdAt = until - 2 * RECORDING_MS;
  return after.createdAt < createdAt ? { createdAt, _id: '' } : after;
};
