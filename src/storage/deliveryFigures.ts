import type { Collection, Db } from 'mongodb';
import { type DeliveryDoc, deliveryIndexes, type EndpointKey } from './deliveries';

/** What an endpoint took last, and how fast. */
export type Taken = Pick<DeliveryDoc, 'lastAttemptAt' | 'lastLatencyMs'>;

/** Figures over the collection `deliveries`: each looks at so many documents at most, whatever is there. */
export class DeliveryFigures {
  private readonly docs: Collection<DeliveryDoc>;

  constructor(db: Db) {
    this.docs = db.collection<DeliveryDoc>(deliveryIndexes.collection);
  }

  /** Up to `most`. */
  pending({ teamId, endpointId }: EndpointKey, most: number): Promise<number> {
    return this.docs.countDocuments({ teamId, endpointId, state: 'pending' }, { limit: most });
  }

  /** Those whose last attempt was at or after `since`, up to `most`. */
  ended({ teamId, endpointId }: EndpointKey, state: 'accepted' | 'exhausted', since: number, most: number): Promise<number> {
    return this.docs.countDocuments({ teamId, endpointId, state, lastAttemptAt: { $gte: since } }, { limit: most });
  }

  /** Latest first. */
  lastTaken({ teamId, endpointId }: EndpointKey, limit: number): Promise<Taken[]> {
    return this.docs
      .find({ teamId, endpointId, state: 'accepted' }, { projection: { lastAttemptAt: 1, lastLatencyMs: 1 } })
      .sort({ lastAttemptAt: -1, _id: -1 })
      .limit(limit)
      .toArray();
  }
}
