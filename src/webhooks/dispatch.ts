import type { Attempts } from '../storage/attempts';
import { type Deliveries, deliveryId } from '../storage/deliveries';
import type { MessageDoc, Messages } from '../storage/messages';
import type { WebhookEndpoints } from '../storage/webhookEndpoints';
import type { Backlogs } from '../temporal/backlogs';
import { dispatchTo, isLate } from './dispatchTo';
import type { InFlight } from './inFlight';
import type { Sender } from './sender';

export interface Dispatching {
  readonly messages: Messages;
  readonly endpoints: WebhookEndpoints;
  readonly deliveries: Deliveries;
  readonly attempts: Attempts;
  readonly sender: Sender;
  readonly inFlight: InFlight;
  readonly backlogs: Backlogs;
}

/**
 * Brings one team's messages to all their targets: taken inline, or left pending with the endpoint's backlog told (design §4). Endpoints do not
 * wait for each other. What cannot be posted before `endAt` (Unix milliseconds) is left pending.
 * Repeatable at any point, also beside another dispatch of the same: nothing late is posted inline, so a message is sent again, under the same id,
 * only if a kill fell between its post and its record.
 * @param messages oldest first, the order they are posted in
 * @throws whatever storage or Temporal threw; what was not settled by then stays undispatched
 */
export async function dispatch(deps: Dispatching, messages: readonly MessageDoc[], endAt: number): Promise<void> {
  const [first] = messages;
  if (!first) return;
  const { teamId } = first;

  const open = new Map(messages.map(({ _id, targets }) => [_id, new Set(targets)]));
  const settled: string[] = [];
  const settle = (messageId: string, endpointId: string): void => {
    const targets = open.get(messageId);
    if (targets?.delete(endpointId) && targets.size === 0) settled.push(messageId);
  };
  // One write for what an endpoint has taken: nobody needs to know sooner, and what a kill leaves unmarked is found accepted next time.
  const markSettled = async (): Promise<void> => {
    const ids = settled.splice(0);
    if (ids.length > 0) await deps.messages.markDispatched(teamId, ids);
  };

  const endpoints = new Map((await deps.endpoints.read(teamId, targetsOf(messages))).map((endpoint) => [endpoint._id, endpoint]));
  const taken = await takenBefore(deps, teamId, messages);
  const lanes = targetsOf(messages).map(async (endpointId) => {
    const endpoint = endpoints.get(endpointId);
    const mine = messages.filter(({ targets }) => targets.includes(endpointId));
    const waiting = endpoint ? mine.filter(({ _id }) => !taken.has(deliveryId(_id, endpointId))) : [];
    for (const { _id } of mine.filter((message) => !waiting.includes(message))) settle(_id, endpointId);
    try {
      if (endpoint) await dispatchTo(deps, endpoint, waiting, { endAt, settle: (messageId) => settle(messageId, endpointId) });
    } finally {
      await markSettled();
    }
  });

  const failed = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected');
  if (failed) throw failed.reason;
}

const targetsOf = (messages: readonly MessageDoc[]): readonly string[] => [...new Set(messages.flatMap(({ targets }) => targets))];

async function takenBefore({ deliveries }: Dispatching, teamId: string, messages: readonly MessageDoc[]): Promise<ReadonlySet<string>> {
  const late = messages.filter(isLate);
  if (late.length === 0) return new Set();
  return deliveries.settledAmong(
    teamId,
    late.flatMap(({ _id, targets }) => targets.map((endpointId) => deliveryId(_id, endpointId))),
  );
}
