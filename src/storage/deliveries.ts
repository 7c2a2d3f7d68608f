import type { Collection, Db, Filter } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { insertEach } from './insertEach';
import { sharedTurns } from './sharedTurns';
import { throughTime } from './throughTime';

/** One message for one endpoint. Only `pending` changes its state, but where it is asked for again (src/storage/replayedDeliveries.ts). */
export interface DeliveryDoc {
  /** `<messageId>:<endpointId>` */
  readonly _id: string;
  readonly teamId: string;
  readonly endpointId: string;
  readonly messageId: string;
  /** `exhausted`: refused for the last time while the endpoint took others. */
  readonly state: 'pending' | 'accepted' | 'exhausted';
  /** The message's, so that a backlog drains oldest first. */
  readonly createdAt: number;
  /** Null: its turn comes with the others, oldest first. Set: it was refused while the endpoint took others, and stands aside until then. */
  readonly nextAttemptAt: number | null;
  /** Every post. */
  readonly attempts: number;
  /** Of those, the ones that count on its own ladder: refused while the endpoint took others. Waiting behind a failing endpoint costs none. */
  readonly refusals: number;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly lastLatencyMs: number | null;
  readonly lastAttemptAt: number | null;
  readonly acceptedAt: number | null;
  /** Absent: no replay has made it pending. */
  readonly replayed?: ReplayedDelivery;
}

/** What a replay has made of it. Unix milliseconds. */
export interface ReplayedDelivery {
  /** The run that has made it pending last, and those that wait for it since; one that is cancelled waits no more. */
  readonly by: readonly string[];
  /** When it became pending; 0 once it was withdrawn. */
  readonly at: number;
  /** When it was first accepted before that. */
  readonly takenAt: number | null;
  /** As it stood before; null of one that was never sent. */
  readonly was: Pick<DeliveryDoc, 'state' | 'refusals' | 'attempts'> | null;
}

/** A fleet of five thousand tells about a thousand events in that time. */
const FIRST_LOOK_MS = 60_000;

export const deliveryIndexes: CollectionIndexes = {
  collection: 'deliveries',
  indexes: [
    {
      name: 'queue',
      key: { endpointId: 1, nextAttemptAt: 1, createdAt: 1, _id: 1 },
      partialFilterExpression: { state: 'pending' },
    },
    { name: 'endpoint_latest', key: { endpointId: 1, state: 1, lastAttemptAt: -1, _id: -1 } },
  ],
};

export const deliveryId = (messageId: string, endpointId: string): string => `${messageId}:${endpointId}`;

export type NewDelivery = Pick<DeliveryDoc, 'teamId' | 'endpointId' | 'messageId' | 'createdAt'>;

/** One delivery that is there. */
export type DeliveryKey = Pick<DeliveryDoc, '_id' | 'teamId'>;

/** One endpoint, and the team every question about it carries. */
export type EndpointKey = Pick<DeliveryDoc, 'teamId' | 'endpointId'>;

/** Where a drain stands: the last delivery it has dealt with. */
export type DeliveryCursor = Pick<DeliveryDoc, 'createdAt' | '_id'>;

/** Where a page of the latest begins: after this one. */
export interface LatestCursor {
  readonly at: number;
  readonly _id: string;
}

/** What one attempt has brought. */
export interface Attempt {
  readonly at: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly tookMs: number;
}

/** The collection `deliveries`, derived from `messages`, repeatably: whoever finds one missing makes it again. */
export class Deliveries {
  private readonly collection: Collection<DeliveryDoc>;

  private readonly inserts = sharedTurns((_: string, deliveries: readonly DeliveryDoc[]) => insertEach(this.collection, deliveries));

  constructor(db: Db) {
    this.collection = db.collection(deliveryIndexes.collection);
  }

  /** The endpoint has it, whatever was known before. @returns whether this was its first try, as far as is known */
  async accept(delivery: NewDelivery, attempt: Attempt): Promise<boolean> {
    if (await this.insert({ ...blank(delivery), ...taken(attempt), attempts: 1 })) return true;
    const filter = { _id: deliveryId(delivery.messageId, delivery.endpointId), teamId: delivery.teamId, state: 'pending' } as const;
    const change = { $set: taken(attempt), $inc: { attempts: 1 } };
    return (await this.collection.findOneAndUpdate(filter, change, { returnDocument: 'before' }))?.attempts === 0;
  }

  /** The same for one known to be pending. @returns whether it was: it may be erased by now */
  async acceptPending({ _id, teamId }: DeliveryKey, attempt: Attempt): Promise<boolean> {
    const filter = { _id, teamId, state: 'pending' } as const;
    return (await this.collection.updateOne(filter, { $set: taken(attempt), $inc: { attempts: 1 } })).matchedCount === 1;
  }

  /** Hands it to the backlog, unless it is there: accepted never goes back. @param attempt the inline one that failed, if there was one */
  async leavePending(delivery: NewDelivery, attempt: Attempt | null): Promise<void> {
    await this.insert({ ...blank(delivery), ...(attempt && { attempts: 1, ...tried(attempt) }) });
  }

  /** Keeps what an attempt was answered, for whoever asks why it is late. It stays where it stands. @returns false if it waits no more */
  async noteFailure({ _id, teamId }: DeliveryKey, attempt: Attempt): Promise<boolean> {
    const filter = { _id, teamId, state: 'pending' } as const;
    return (await this.collection.updateOne(filter, { $set: tried(attempt), $inc: { attempts: 1 } })).matchedCount === 1;
  }

  /** It was refused while the endpoint took others: the others go on without it. @param refusals with this one */
  async setAside({ _id, teamId }: DeliveryKey, refusals: number, nextAttemptAt: number): Promise<void> {
    await this.collection.updateOne({ _id, teamId, state: 'pending' }, { $set: { refusals, nextAttemptAt } });
  }

  /** Back among the others: that it was not taken may be the endpoint's fault. */
  async takeBack({ _id, teamId }: DeliveryKey): Promise<void> {
    await this.collection.updateOne({ _id, teamId, state: 'pending' }, { $set: { nextAttemptAt: null } });
  }

  /** It gets no further attempt by itself. @param refusals with the last one */
  async exhaust({ _id, teamId }: DeliveryKey, refusals: number): Promise<void> {
    await this.collection.updateOne({ _id, teamId, state: 'pending' }, { $set: { state: 'exhausted', refusals, nextAttemptAt: null } });
  }

  /** Where those stand whose turn it is, oldest first. */
  queueOf({ teamId, endpointId }: EndpointKey, after: DeliveryCursor | null, limit: number): Promise<DeliveryCursor[]> {
    const waiting = { teamId, endpointId, state: 'pending', nextAttemptAt: null } as const;
    const first = (filter: Filter<DeliveryDoc>, most: number): Promise<DeliveryCursor[]> =>
      this.collection
        .find({ ...waiting, ...filter }, { projection: { createdAt: 1 } })
        .sort({ createdAt: 1, _id: 1 })
        .limit(most)
        .batchSize(most)
        .toArray();
    if (!after) return first({}, limit);

    const { createdAt: from, _id } = after;
    const later = { $or: [{ createdAt: { $gt: from } }, { createdAt: from, _id: { $gt: _id } }] };
    return throughTime({ from, to: null, firstMs: FIRST_LOOK_MS }, limit, (createdAt, most) => first({ createdAt, ...later }, most));
  }

  async hasQueue({ teamId, endpointId }: EndpointKey): Promise<boolean> {
    const filter = { teamId, endpointId, state: 'pending', nextAttemptAt: null } as const;
    return (await this.collection.findOne(filter, { projection: { _id: 1 } })) !== null;
  }

  /** Those that stand aside, next to be tried first. */
  asideOf({ teamId, endpointId }: EndpointKey, limit: number): Promise<DeliveryDoc[]> {
    return this.collection
      .find({ teamId, endpointId, state: 'pending', nextAttemptAt: { $gt: 0 } })
      .sort({ nextAttemptAt: 1, createdAt: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  /** In its turn or aside. */
  async hasPending({ teamId, endpointId }: EndpointKey): Promise<boolean> {
    return (await this.collection.findOne({ teamId, endpointId, state: 'pending' }, { projection: { _id: 1 } })) !== null;
  }

  /** Whether the endpoint has taken anything at or after `instant`. */
  async hasAcceptedSince({ teamId, endpointId }: EndpointKey, instant: number): Promise<boolean> {
    const filter = { teamId, endpointId, state: 'accepted', lastAttemptAt: { $gte: instant } } as const;
    return (await this.collection.findOne(filter, { projection: { _id: 1 } })) !== null;
  }

  /** Taken at the first try since `oldest`, latest first: the delivery is what is kept of such an attempt, unless it was to be sent again. */
  takenAtOnce({ teamId, endpointId }: EndpointKey, after: LatestCursor | null, oldest: number, limit: number): Promise<DeliveryDoc[]> {
    const older = after && { $or: [{ lastAttemptAt: { $lt: after.at } }, { lastAttemptAt: after.at, _id: { $lt: after._id } }] };
    return this.collection
      .find({ teamId, endpointId, state: 'accepted', lastAttemptAt: { $gte: oldest }, attempts: 1, 'replayed.takenAt': null, ...older })
      .sort({ lastAttemptAt: -1, _id: -1 })
      .limit(limit)
      .toArray();
  }

  /** @returns those that exist, in no order */
  read(teamId: string, ids: readonly string[]): Promise<DeliveryDoc[]> {
    return this.collection.find({ _id: { $in: [...ids] }, teamId }).toArray();
  }

  get(teamId: string, messageId: string, endpointId: string): Promise<DeliveryDoc | null> {
    return this.collection.findOne({ _id: deliveryId(messageId, endpointId), teamId });
  }

  /** @returns the `_id`s of those that need no post any more */
  async settledAmong(teamId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const settled = { $in: ['accepted', 'exhausted'] satisfies DeliveryDoc['state'][] };
    const found = await this.collection.find({ _id: { $in: [...ids] }, teamId, state: settled }, { projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** @returns the messages of those that wait, or were tried at or after `since` */
  async neededAmong(teamId: string, ids: readonly string[], since: number): Promise<ReadonlySet<string>> {
    const found = await this.collection
      .find(
        { _id: { $in: [...ids] }, teamId, $or: [{ state: 'pending' }, { lastAttemptAt: { $gte: since } }] },
        { projection: { messageId: 1 } },
      )
      .toArray();
    return new Set(found.map(({ messageId }) => messageId));
  }

  /** When those of a message's targets that have accepted it did, the first time; Unix milliseconds. */
  async acceptances(teamId: string, messageId: string, endpointIds: readonly string[]): Promise<number[]> {
    const _id = { $in: endpointIds.map((endpointId) => deliveryId(messageId, endpointId)) };
    const found = await this.collection.find({ _id, teamId }, { projection: { acceptedAt: 1, replayed: 1 } }).toArray();
    return found.flatMap(({ acceptedAt, replayed }) => replayed?.takenAt ?? acceptedAt ?? []);
  }

  /** Of an endpoint that is gone. */
  async dropPendingOf({ teamId, endpointId }: EndpointKey): Promise<void> {
    await this.collection.deleteMany({ teamId, endpointId, state: 'pending' });
  }

  /** Of messages that are erased, or whose time is over: nothing leads to them any more. */
  async erase(teamId: string, ids: readonly string[]): Promise<void> {
    await this.collection.deleteMany({ _id: { $in: [...ids] }, teamId });
  }

  /** @returns false if it is there already */
  private async insert(delivery: DeliveryDoc): Promise<boolean> {
    return (await this.inserts(delivery.teamId, delivery)).has(delivery);
  }
}

/** As it is before anything is tried. */
export const blank = ({ teamId, endpointId, messageId, createdAt }: NewDelivery): DeliveryDoc => ({
  _id: deliveryId(messageId, endpointId),
  teamId,
  endpointId,
  messageId,
  state: 'pending',
  createdAt,
  nextAttemptAt: null,
  attempts: 0,
  refusals: 0,
  lastStatus: null,
  lastError: null,
  lastLatencyMs: null,
  lastAttemptAt: null,
  acceptedAt: null,
});

const tried = ({ at, status, error, tookMs }: Attempt) => ({
  lastStatus: status,
  lastError: error,
  lastLatencyMs: tookMs,
  lastAttemptAt: at,
});

const taken = (attempt: Attempt) => ({ ...tried(attempt), state: 'accepted', nextAttemptAt: null, acceptedAt: attempt.at }) as const;
