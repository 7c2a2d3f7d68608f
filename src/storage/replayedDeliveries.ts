import type { Collection, Db } from 'mongodb';
import { blank, type DeliveryDoc, type DeliveryKey, deliveryIndexes, type EndpointKey, type NewDelivery } from './deliveries';
import { insertOnce } from './insertOnce';
import type { ReplayCursor } from './replays';

/** One run of a replay: what it has made pending it makes pending once, whoever dies on the way. */
export interface ReplayRun {
  readonly id: string;
  /** What any run has made pending from then on comes, or has come, after this one was asked for. */
  readonly since: number;
  /** When this page of it becomes pending. */
  readonly at: number;
}

const MOST_WITHDRAWN = 10_000;

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
    await insertOnce(this.docs, { ...blank(delivery), nextAttemptAt: at, replayed: { by: [id], at, takenAt: null, was: null } });
  }

  /** One that is settled becomes pending, with no refusal against it: once in this run, and not where another run has done so since this one began. */
  async again({ _id, teamId, state, refusals, attempts, acceptedAt, replayed }: DeliveryDoc, { id, since, at }: ReplayRun): Promise<void> {
    const change = { by: [id], at, takenAt: replayed?.takenAt ?? acceptedAt, was: { state, refusals, attempts } };
    await this.docs.updateOne(
      { _id, teamId, state, 'replayed.by': { $ne: id }, $or: [{ 'replayed.at': null }, { 'replayed.at': { $lt: since } }] },
      { $set: { state: 'pending', nextAttemptAt: at, refusals: 0, replayed: change } },
    );
  }

  /** Another run has made it pending, and this one waits for it as well. @returns false if it is pending no more */
  async join({ _id, teamId }: DeliveryKey, { id }: ReplayRun): Promise<boolean> {
    const joined = await this.docs.updateOne(
      { _id, teamId, state: 'pending', 'replayed.by': { $ne: id } },
      { $push: { 'replayed.by': id } },
    );
    return joined.matchedCount === 1 || (await this.docs.findOne({ _id, teamId, state: 'pending' }, { projection: { _id: 1 } })) !== null;
  }

  /** One that stands aside is due now. */
  async hurry({ _id, teamId }: DeliveryKey, { at }: ReplayRun): Promise<void> {
    await this.docs.updateOne({ _id, teamId, state: 'pending', nextAttemptAt: { $gt: at } }, { $set: { nextAttemptAt: at } });
  }

  /** How many stand aside and are due, up to `most`. */
  due({ teamId, endpointId }: EndpointKey, now: number, most: number): Promise<number> {
    return this.docs.countDocuments({ teamId, endpointId, state: 'pending', nextAttemptAt: { $gt: 0, $lte: now } }, { limit: most });
  }

  /** What stands aside because a run has made it pending. */
  asideBy({ teamId, endpointId }: EndpointKey, runId: string): Promise<DeliveryDoc[]> {
    return this.docs
      .find({ teamId, endpointId, state: 'pending', nextAttemptAt: { $gt: 0 }, 'replayed.by': runId })
      .limit(MOST_WITHDRAWN)
      .toArray();
  }

  /**
   * A run waits for it no more: where no other does and nothing has been tried since, it stands as it stood before.
   * @returns whether it is there
   */
  async withdraw({ _id, teamId, replayed }: DeliveryDoc, runId: string): Promise<boolean> {
    const untried = { _id, teamId, state: 'pending', 'replayed.by': [runId], attempts: replayed?.was?.attempts ?? 0 } as const;
    if (replayed?.was) {
      const { state, refusals } = replayed.was;
      const before = { state, refusals, nextAttemptAt: null, 'replayed.by': [], 'replayed.at': 0 };
      await this.docs.updateOne(untried, { $set: before });
    } else if ((await this.docs.deleteOne(untried)).deletedCount === 1) {
      return false;
    }
    const by = [...(replayed?.by ?? [])];
    await this.docs.updateOne({ _id, teamId, 'replayed.by': by }, { $set: { 'replayed.by': by.filter((other) => other !== runId) } });
    return true;
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
