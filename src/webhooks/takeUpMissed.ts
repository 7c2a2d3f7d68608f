import type { MessageCursor, PastMessage } from '../storage/messages';
import type { EndpointCatchUp, WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { CLOCKS_APART_MS } from './clocksApart';
import type { Draining } from './drainBacklog';
import { shouldHave } from './missed';

const PAGE = 200;
/** Whoever read the endpoint while it was disabled has recorded the event they had in hand after so long; who took longer looks again (recordMessage.ts). */
const RECORDING_MS = 60_000;

/**
 * An event is as old as its recorder's clock says, and who asks goes by ours: what is a little older and was not sent comes too.
 * @param since Unix milliseconds @param now when the endpoint is enabled
 */
export const catchUpFrom = (since: number, now: number): EndpointCatchUp => ({
  since,
  after: { createdAt: since - CLOCKS_APART_MS, _id: '' },
  passed: false,
  until: now + RECORDING_MS,
});

/** What is asked for, with what is left of the one before: who was disabled again on the way has the rest of that still to get. */
export function withUnfinished(asked: EndpointCatchUp, known: EndpointCatchUp | null): EndpointCatchUp {
  if (known === null) return asked;
  const isOlder = known.after.createdAt < asked.after.createdAt;
  return { ...asked, since: Math.min(asked.since, known.since), after: isOlder ? known.after : asked.after };
}

/**
 * A step of an endpoint's catch-up: what it was not sent of one page of the team's events becomes pending, to be drained with all else. Repeatable:
 * who dies on the way is followed by somebody who does the same again. Once all is taken up, it looks again for what was recorded late.
 * @returns `more` if there is something to look at now, a Unix instant at which to look again, or null if it is over or there is none
 */
export async function takeUpMissed(
  { messages, deliveries, endpoints }: Pick<Draining, 'messages' | 'deliveries' | 'endpoints'>,
  endpoint: WebhookEndpointDoc,
): Promise<'more' | number | null> {
  const { teamId, _id: endpointId, catchUp } = endpoint;
  if (catchUp === null) return null;
  const isSettled = Date.now() >= catchUp.until;
  if (catchUp.passed && !isSettled) return catchUp.until;

  const page = await messages.behind(teamId, catchUp.after, PAGE);
  // Of what it is a target of it is sent, or was: somebody may be posting it now.
  const missed = page.filter((message) => !message.targets.includes(endpointId) && shouldHave(endpoint, message));
  // At once: they share turns of the database.
  await Promise.all(
    missed.map(({ _id: messageId, createdAt }) => deliveries.leavePending({ teamId, endpointId, messageId, createdAt }, null)),
  );
  // By its targets a message's deliveries are found when it is erased.
  if (missed.length > 0) await messages.addTarget(teamId, missed.map(idOf), endpointId);

  const last = page.at(-1);
  const next = page.length === PAGE && last ? { ...catchUp, after: placeOf(last) } : lookAgain(catchUp);
  await endpoints.noteCaughtUp(teamId, endpointId, catchUp, next);
  if (next === null) return null;
  return next.passed && !isSettled ? next.until : 'more';
}

const idOf = ({ _id }: PastMessage): string => _id;
const placeOf = ({ createdAt, _id }: PastMessage): MessageCursor => ({ createdAt, _id });

/** The last look begins before the endpoint was enabled: an event is as old as its recorder says, however late it is written. Null after it. */
function lookAgain(catchUp: EndpointCatchUp): EndpointCatchUp | null {
  if (catchUp.passed) return null;
  const createdAt = Math.max(catchUp.since - CLOCKS_APART_MS, catchUp.until - 2 * RECORDING_MS);
  return { ...catchUp, passed: true, after: { createdAt, _id: '' } };
}
