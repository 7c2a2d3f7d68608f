import type { MessageDoc, RecordedMessage } from '../storage/messages';
import type { ToldEndpoint } from './operational';
import type { EventBody } from './payloads';
import { type Outbox, wants } from './recordMessage';

/** What an operator sees of endpoints in trouble, besides the team's other endpoints: a line in the log and a count among the metrics. */
export interface EndpointAlarms {
  raise(type: string, endpoint: Pick<ToldEndpoint, '_id' | 'teamId'>): void;
}

/**
 * Tells the team of one of its endpoints by its other ones, and the operator. Repeating it changes nothing. `reconcile` dispatches it.
 * @param id from `messageId`
 * @param userId whose message it is about, so that it is erased with them
 */
export async function tellTeam(
  { messages, endpoints, alarms }: Outbox & { readonly alarms: EndpointAlarms },
  endpoint: ToldEndpoint,
  { id, type, body, userId = null }: EventBody & { readonly id: string; readonly userId?: MessageDoc['userId'] },
): Promise<void> {
  const { teamId } = endpoint;
  const others = (await endpoints.enabledOf(teamId)).filter((other) => other._id !== endpoint._id && wants(other, { type, userId }));
  const message: RecordedMessage = {
    ...{ _id: id, teamId, userId, connectionId: null, sequence: null, type, createdAt: Date.now(), body },
    targets: others.map(({ _id }) => _id),
    dispatched: others.length === 0,
  };
  if (await messages.insert(message)) alarms.raise(type, endpoint);
}
