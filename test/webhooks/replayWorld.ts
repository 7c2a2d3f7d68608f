import type { Db } from 'mongodb';
import { Attempts } from '../../src/storage/attempts';
import { Deliveries } from '../../src/storage/deliveries';
import { type MessageDoc, Messages } from '../../src/storage/messages';
import { ReplayedDeliveries } from '../../src/storage/replayedDeliveries';
import { type ReplayDoc, Replays, type ReplayWish } from '../../src/storage/replays';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { WebhookEndpoints } from '../../src/storage/webhookEndpoints';
import { drainBacklog } from '../../src/webhooks/drainBacklog';
import { beginReplay } from '../../src/webhooks/replay/beginReplay';
import { type Replaying, replayPart } from '../../src/webhooks/replay/replayPart';
import { drainOf } from './drainOf';
import { openPostOffice, type PostOffice, quickReplays } from './postOffice';
import { type Receiver, startReceiver } from './receiver';

const HOUR_MS = 3_600_000;

/** A post office, one receiver, and what was told an hour ago, a second apart and oldest first. */
export interface ReplayWorld {
  readonly office: PostOffice;
  readonly receiver: Receiver;
  /** Of what the receiver was sent, in that order. */
  ids(): string[];
  /** When the next one is told. */
  next(): number;
  told(count: number, targets: readonly WebhookEndpointDoc[], given?: Partial<MessageDoc>): Promise<MessageDoc[]>;
  taken(count: number, endpoint: WebhookEndpointDoc, given?: Partial<MessageDoc>): Promise<MessageDoc[]>;
  givenUp(count: number, endpoint: WebhookEndpointDoc): Promise<MessageDoc[]>;
  begin(endpoint: WebhookEndpointDoc, wish: ReplayWish, key?: string): Promise<ReplayDoc>;
  stateOf(replay: ReplayDoc): Promise<ReplayDoc | null>;
  /** What its workflow's activity does. */
  part(replay: ReplayDoc, stores?: Partial<Replaying>): ReturnType<typeof replayPart>;
  drain(endpoint: WebhookEndpointDoc): ReturnType<typeof drainBacklog>;
  close(): Promise<void>;
}

export async function openReplayWorld(): Promise<ReplayWorld> {
  const [office, receiver] = await Promise.all([openPostOffice(), startReceiver()]);
  const { teamId, deliveries } = office;
  let oldest = Date.now() - HOUR_MS;

  const told: ReplayWorld['told'] = async (count, targets, given = {}) => {
    const messages: MessageDoc[] = [];
    for (let n = 0; n < count; n++)
      messages.push(...(await office.addMessages(1, targets, { createdAt: oldest++, dispatched: true, ...given })));
    return messages;
  };

  return {
    ...{ office, receiver, told },
    ids: () => receiver.received.map(({ id }) => id),
    next: () => oldest,

    async taken(count, endpoint, given) {
      const messages = await told(count, [endpoint], given);
      for (const message of messages)
        await deliveries.accept(keyOf(message, endpoint), { at: message.createdAt, status: 200, error: null, tookMs: 5 });
      return messages;
    },

    async givenUp(count, endpoint) {
      const messages = await told(count, [endpoint]);
      for (const message of messages) {
        await deliveries.leavePending(keyOf(message, endpoint), { at: message.createdAt, status: 500, error: 'HTTP 500', tookMs: 5 });
        await deliveries.exhaust({ _id: `${message._id}:${endpoint._id}`, teamId }, 8);
      }
      return messages;
    },

    begin: (endpoint, wish, key) => beginReplay(office, endpoint, wish, key ?? null),
    stateOf: ({ _id }) => office.replays.load(teamId, _id),
    part: ({ _id: operationId }, stores = {}) => replayPart({ ...office, ...stores }, { teamId, operationId }, quickReplays),

    drain: (endpoint) => drainBacklog(office, drainOf(endpoint)),

    async close() {
      await receiver.close();
      await office.close();
    },
  };
}

export const keyOf = ({ _id: messageId, teamId, createdAt }: MessageDoc, { _id: endpointId }: WebhookEndpointDoc) => ({
  ...{ teamId, endpointId, messageId, createdAt },
});

export const idsOf = (messages: readonly MessageDoc[]): string[] => messages.map(({ _id }) => _id);

/** All that was told, or what `given` narrows it to. */
export const everything = (given: Partial<Extract<ReplayWish, { kind: 'replay' }>> = {}): ReplayWish => ({
  ...{ kind: 'replay', userId: null, types: null, from: 0, to: Date.now() },
  ...given,
});

/** All that a replay's part reads and writes. */
export const storesOn = (db: Db) => ({
  messages: new Messages(db),
  endpoints: new WebhookEndpoints(db),
  deliveries: new Deliveries(db),
  replayed: new ReplayedDeliveries(db),
  replays: new Replays(db),
  attempts: new Attempts(db),
});
