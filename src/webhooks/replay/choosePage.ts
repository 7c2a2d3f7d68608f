import { wantsType } from '../../feed/eventTypes';
import type { Deliveries } from '../../storage/deliveries';
import type { Messages } from '../../storage/messages';
import type { ReplayedDeliveries, ReplayRun } from '../../storage/replayedDeliveries';
import type { ReplayCursor, ReplayDoc } from '../../storage/replays';
import type { WebhookEndpointDoc } from '../../storage/webhookEndpointDoc';
import { shouldHave } from '../missed';
import { isOperational } from '../operational';
import { type PastDelivery, withDeliveries } from '../withDeliveries';

/** What has been told, and to whom. */
export interface Past {
  readonly messages: Messages;
  readonly deliveries: Deliveries;
  readonly replayed: ReplayedDeliveries;
}

interface ChosenPage {
  readonly chosen: readonly PastDelivery[];
  readonly lookedAt: number;
  /** On their way anyway, or made pending by somebody else since this was asked for. */
  readonly waiting: readonly PastDelivery[];
  /** Where to go on; null at the end. */
  readonly after: ReplayCursor | null;
}

interface Looked {
  readonly page: readonly PastDelivery[];
  readonly lookedAt: number;
  readonly after: ReplayCursor | null;
}

type Wish<Kind extends ReplayDoc['wish']['kind']> = Extract<ReplayDoc['wish'], { readonly kind: Kind }>;

/** @param run whose own deliveries count as chosen though they are pending by now; null of a count, which has none */
export async function choosePage(
  past: Past,
  endpoint: WebhookEndpointDoc,
  { wish, startedAt, after }: Pick<ReplayDoc, 'wish' | 'startedAt' | 'after'>,
  run: Pick<ReplayRun, 'id' | 'since'> | null,
  limit: number,
): Promise<ChosenPage> {
  const looked = await look();
  const chosen: PastDelivery[] = [];
  const waiting: PastDelivery[] = [];
  for (const one of looked.page) {
    const fate = fateOf(one, endpoint, wish, run);
    if (fate === 'send') chosen.push(one);
    if (fate === 'waits') waiting.push(one);
  }
  return { chosen, waiting, lookedAt: looked.lookedAt, after: looked.after };

  function look(): Promise<Looked> {
    switch (wish.kind) {
      case 'resend':
        return lookAtOne(past, endpoint, wish);
      case 'recover':
        return lookAtGivenUp(past, endpoint, wish, { after, startedAt }, limit);
      case 'replay':
        return lookAtLog(past, endpoint, wish, { after, startedAt }, limit);
    }
  }
}

type Fate = 'send' | 'waits' | 'unwanted';

function fateOf(
  { message, delivery }: PastDelivery,
  endpoint: WebhookEndpointDoc,
  { kind }: ReplayDoc['wish'],
  run: Pick<ReplayRun, 'id' | 'since'> | null,
): Fate {
  if (delivery) {
    const { state, nextAttemptAt, replayed } = delivery;
    if (run && replayed?.by[0] === run.id) return 'send';
    // One that stands aside for hours is what somebody may ask for by its id.
    if (state === 'pending') return kind === 'resend' && nextAttemptAt !== null ? 'send' : 'waits';
    return run && replayed && replayed.at >= run.since ? 'waits' : 'send';
  }
  const isTarget = message.targets.includes(endpoint._id);
  if (isTarget && !message.dispatched) return 'waits';
  return isTarget || kind === 'resend' || shouldHave(endpoint, message) ? 'send' : 'unwanted';
}

async function lookAtOne(past: Past, endpoint: WebhookEndpointDoc, { messageId }: Wish<'resend'>): Promise<Looked> {
  const found = await past.messages.past(endpoint.teamId, [messageId]);
  return { page: await withDeliveries(past.deliveries, endpoint, found), lookedAt: found.length, after: null };
}

/** What somebody gives up meanwhile is not part of it. */
async function lookAtGivenUp(
  { messages, replayed }: Past,
  { teamId, _id: endpointId }: WebhookEndpointDoc,
  { since }: Wish<'recover'>,
  { after, startedAt }: Pick<ReplayDoc, 'after' | 'startedAt'>,
  limit: number,
): Promise<Looked> {
  const found = await replayed.givenUp({ teamId, endpointId }, { from: since, to: startedAt, after }, limit);
  const ids = found.map(({ messageId }) => messageId);
  const known = new Map((await messages.past(teamId, ids)).map((message) => [message._id, message]));
  const page = found.flatMap((delivery) => {
    const message = known.get(delivery.messageId);
    return message ? [{ message, delivery }] : [];
  });
  const last = found.at(-1);
  const goesOn = last !== undefined && found.length === limit;
  return { page, lookedAt: found.length, after: goesOn ? { at: last.lastAttemptAt ?? since, _id: last._id } : null };
}

/** What is told of endpoints was news of its moment. */
async function lookAtLog(
  past: Past,
  endpoint: WebhookEndpointDoc,
  { userId, types, to }: Wish<'replay'>,
  { after, startedAt }: Pick<ReplayDoc, 'after' | 'startedAt'>,
  limit: number,
): Promise<Looked> {
  const within = { userId, to: Math.min(to, startedAt) };
  const found = await past.messages.behind(endpoint.teamId, { createdAt: after.at, _id: after._id }, limit, within);
  const meant = found.filter(({ type }) => wantsType(types, type) && !isOperational(type));
  const last = found.at(-1);
  const goesOn = last !== undefined && found.length === limit;
  return {
    page: await withDeliveries(past.deliveries, endpoint, meant),
    lookedAt: found.length,
    after: goesOn ? { at: last.createdAt, _id: last._id } : null,
  };
}
