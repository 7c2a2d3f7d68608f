import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';

/** One message for one endpoint. `accepted` never goes back to `pending`. */
export interface DeliveryDoc {
  /** `<messageId>:<endpointId>` */
  readonly _id: string;
  readonly teamId: string;
  readonly endpointId: string;
  readonly messageId: string;
  readonly state: 'pending' | 'accepted';
  /** The message's, so that a backlog drains oldest first. */
  readonly createdAt: number;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly lastAttemptAt: number | null;
  readonly acceptedAt: number | null;
}

export const deliveryIndexes: CollectionIndexes = {
  collection: 'deliveries',
  indexes: [{ name: 'pending', key: { endpointId: 1, createdAt: 1, _id: 1 }, partialFilterExpression: { state: 'pending' } }],
};

export const deliveryId = (messageId: string, endpointId: string): string => `${messageId}:${endpointId}`;

export type NewDelivery = Pick<DeliveryDoc, 'teamId' | 'endpointId' | 'messageId' | 'createdAt'>;

/** One endpoint, and the team every question about it carries. */
export type EndpointKey = Pick<DeliveryDoc, 'teamId' | 'endpointId'>;

/** Where a drain stands: the last delivery it has dealt with. */
export type DeliveryCursor = Pick<DeliveryDoc, 'createdAt' | '_id'>;

/** What one attempt has brought. */
export interface Attempt {
  readonly at: number;
  readonly status: number | null;
  readonly error: string | null;
}

/** The collection `deliveries`, derived from `messages`, repeatably: whoever finds one missing makes it again. */
export class Deliveries {
  private readonly collection: Collection<DeliveryDoc>;

  constructor(db: Db) {
    this.collection = db.collection(deliveryIndexes.collection);
  }

  /** The endpoint has it, whatever was known before. */
  async accept(delivery: NewDelivery, { at, status }: Attempt): Promise<void> {
    const accepted = { state: 'accepted', lastStatus: status, lastError: null, lastAttemptAt: at, acceptedAt: at } as const;
    if (await this.insert({ ...blank(delivery), ...accepted, attempts: 1 })) return;
    await this.acceptPending(delivery, { at, status, error: null });
  }

  /** The same for one known to be pending. */
  async acceptPending({ teamId, endpointId, messageId }: Omit<NewDelivery, 'createdAt'>, { at, status }: Attempt): Promise<void> {
    await this.collection.updateOne(
      { _id: deliveryId(messageId, endpointId), teamId, state: 'pending' },
      { $set: { state: 'accepted', lastStatus: status, lastError: null, lastAttemptAt: at, acceptedAt: at }, $inc: { attempts: 1 } },
    );
  }

  /** Hands it to the backlog, unless it is there: accepted never goes back. @param attempt the inline one that failed, if there was one */
  async leavePending(delivery: NewDelivery, attempt: Attempt | null): Promise<void> {
    await this.insert({ ...blank(delivery), ...(attempt && { attempts: 1, ...tried(attempt) }) });
  }

  /** Keeps what a drain's attempt was answered, for whoever asks why it is late. */
  async noteFailure({ _id, teamId }: Pick<DeliveryDoc, '_id' | 'teamId'>, attempt: Attempt): Promise<void> {
    await this.collection.updateOne({ _id, teamId, state: 'pending' }, { $set: tried(attempt), $inc: { attempts: 1 } });
  }

  /** Oldest first. */
  pendingOf({ teamId, endpointId }: EndpointKey, after: DeliveryCursor | null, limit: number): Promise<DeliveryDoc[]> {
    const later = after && {
      $or: [{ createdAt: { $gt: after.createdAt } }, { createdAt: after.createdAt, _id: { $gt: after._id } }],
    };
    return this.collection
      .find({ teamId, endpointId, state: 'pending', ...later })
      .sort({ createdAt: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  async hasPending({ teamId, endpointId }: EndpointKey): Promise<boolean> {
    return (await this.collection.findOne({ teamId, endpointId, state: 'pending' }, { projection: { _id: 1 } })) !== null;
  }

  /** @returns the `_id`s of those already accepted */
  async acceptedAmong(teamId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.collection.find({ _id: { $in: [...ids] }, teamId, state: 'accepted' }, { projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** When those of a message's targets that have accepted it did, Unix milliseconds. */
  async acceptances(teamId: string, messageId: string, endpointIds: readonly string[]): Promise<number[]> {
    const _id = { $in: endpointIds.map((endpointId) => deliveryId(messageId, endpointId)) };
    const found = await this.collection.find({ _id, teamId }, { projection: { acceptedAt: 1 } }).toArray();
    return found.flatMap(({ acceptedAt }) => acceptedAt ?? []);
  }

  /** For one whose message is there no more. */
  async drop({ _id, teamId }: Pick<DeliveryDoc, '_id' | 'teamId'>): Promise<void> {
    await this.collection.deleteOne({ _id, teamId, state: 'pending' });
  }

  /** Of an endpoint that is gone. */
  async dropPendingOf({ teamId, endpointId }: EndpointKey): Promise<void> {
    await this.collection.deleteMany({ teamId, endpointId, state: 'pending' });
  }

  /** Of messages that are erased. */
  async erase(teamId: string, ids: readonly string[]): Promise<void> {
    await this.collection.deleteMany({ _id: { $in: [...ids] }, teamId });
  }

  private async insert(delivery: DeliveryDoc): Promise<boolean> {
    return insertOnce(this.collection, delivery);
  }
}

const blank = ({ teamId, endpointId, messageId, createdAt }: NewDelivery): DeliveryDoc => ({
  _id: deliveryId(messageId, endpointId),
  teamId,
  endpointId,
  messageId,
  state: 'pending',
  createdAt,
  attempts: 0,
  lastStatus: null,
  lastError: null,
  lastAttemptAt: null,
  acceptedAt: null,
});

const tried = ({ at, status, error }: Attempt) => ({ lastStatus: status, lastError: error, lastAttemptAt: at });
