import type { Collection, Db } from 'mongodb';
import { blank, type DeliveryDoc, deliveryIndexes, type EndpointKey, type NewDelivery } from './deliveries';
import { insertOnce } from './insertOnce';
import type { ReplayCursor } from './replays';

/** One run of a replay: what it has made pending it makes pending once, whoever dies on the way. */
export interface ReplayRun {
  readonly id: string;
  /** When this page of it becomes pending. */
  readonly at: number;
}

/**
 * The collection `deliveries` as replays change it. What is sent again stands aside from the moment on, as if it had been refused and were due: a
 * drain tries it once all that waits in its turn is delivered, and events that happen meanwhile overtake it.
 */
export class ReplayedDeliveries {
  private readonly docs: Collection<DeliveryDoc>;

  constructor(db: Db) {
    this.docs = db.collection<DeliveryDoc>(deliveryIndexes.collection);
  }

  /** For an endpoint that was never sent it. What is there stands. */
  async add(delivery: NewDelivery, { id, at }: ReplayRun): Promise<void> {
    await insertOnce(this.docs, { ...blank(delivery), nextAttemptAt: at, replayed: { by: id, at, takenAt: null } });
  }

  /** One that is settled becomes pending, once in this run, with no refusal against it. */
  async again({ _id, teamId, acceptedAt, replayed }: DeliveryDoc, { id, at }: ReplayRun): Promise<void> {
    const settled = { $in: ['accepted', 'exhausted'] satisfies DeliveryDoc['state'][] };
    const takenAt = replayed?.takenAt ?? acceptedAt;
    await this.docs.updateOne(
      { _id, teamId, state: settled, 'replayed.by': { $ne: id } },
      { $set: { state: 'pending', nextAttemptAt: at, refusals: 0, replayed: { by: id, at, takenAt } } },
    );
  }

  /** One that stands aside is due now. */
  async hurry({ _id, teamId }: DeliveryDoc, { at }: ReplayRun): Promise<void> {
    await this.docs.updateOne({ _id, teamId, state: 'pending', nextAttemptAt: { $gt: at } }, { $set: { nextAttemptAt: at } });
  }

  /** How many stand aside and are due, up to `most`. */
  due({ teamId, endpointId }: EndpointKey, now: number, most: number): Promise<number> {
    return this.docs.countDocuments({ teamId, endpointId, state: 'pending', nextAttemptAt: { $gt: 0, $lte: now } }, { limit: most });
  }

  /** Those given up between two instants, both included, from a place on, longest ago first. */
  givenUp(
    { teamId, endpointId }: EndpointKey,
    { from, to, after }: { readonly from: number; readonly to: number; readonly after: ReplayCursor },
    limit: number,
  ): Promise<DeliveryDoc[]> {
    const later = { $or: [{ lastAttemptAt: { $gt: after.at } }, { lastAttemptAt: after.at, _id: { $gt: after._id } }] };
    return this.docs
      .find({ teamId, endpointId, state: 'exhausted', lastAttemptAt: { $gte: from, $lte: to }, ...later })
      .sort({ lastAttemptAt: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }
}
