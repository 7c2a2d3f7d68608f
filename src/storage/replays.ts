import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';

/** Past events that an endpoint is sent again, worked through by a workflow. Instants are Unix milliseconds. */
export interface ReplayDoc {
  /** UUID of what is asked for, or of the `Idempotency-Key` it is asked for with: a repeated call finds it. */
  readonly _id: string;
  readonly teamId: string;
  readonly endpointId: string;
  readonly wish: ReplayWish;
  /** Names the run as well: what is over may be asked for again. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly outcome: ReplayOutcome | null;
  /** The last one that was looked at. */
  readonly after: ReplayCursor;
  readonly lookedAt: number;
  /** Made pending. */
  readonly queued: number;
  /** Passed over, because they were on their way anyway. */
  readonly waiting: number;
}

export type ReplayOutcome = 'done' | 'cancelled' | 'endpoint_disabled' | 'endpoint_gone';

export type ReplayWish =
  /** One event, whatever the endpoint's filters say. `userId` is the event's. */
  | { readonly kind: 'resend'; readonly messageId: string; readonly userId: string | null }
  /** What was given up at or after `since`. */
  | { readonly kind: 'recover'; readonly since: number }
  /** What was recorded from `from` to `to`, both included; null: of everybody, of every type. Types may end in `*`. */
  | {
      readonly kind: 'replay';
      readonly userId: string | null;
      readonly types: readonly string[] | null;
      readonly from: number;
      readonly to: number;
    };

/** A place in what a replay looks through. */
export interface ReplayCursor {
  readonly at: number;
  readonly _id: string;
}

/** What a look at one page has brought. */
export interface ReplayCounts {
  readonly lookedAt: number;
  readonly queued: number;
  readonly waiting: number;
}

export const replayIndexes: CollectionIndexes = {
  collection: 'replays',
  indexes: [
    { name: 'user', key: { teamId: 1, 'wish.userId': 1 } },
    { name: 'ended', key: { endedAt: 1 } },
    { name: 'unended', key: { startedAt: 1 }, partialFilterExpression: { endedAt: null } },
  ],
};

/** The collection `replays`. */
export class Replays {
  private readonly docs: Collection<ReplayDoc>;

  constructor(db: Db) {
    this.docs = db.collection<ReplayDoc>(replayIndexes.collection);
  }

  /** @returns false if there is one of this id, running or over */
  insert(replay: ReplayDoc): Promise<boolean> {
    return insertOnce(this.docs, replay);
  }

  load(teamId: string, id: string): Promise<ReplayDoc | null> {
    return this.docs.findOne({ _id: id, teamId });
  }

  /** In the place of one that is over: of any number at once one begins it. */
  async beginAnew(over: ReplayDoc, { _id, teamId, ...fresh }: ReplayDoc): Promise<void> {
    await this.docs.updateOne({ _id, teamId, startedAt: over.startedAt, endedAt: over.endedAt }, { $set: fresh });
  }

  /** It has looked at one page more. Whoever does the same once more changes nothing. */
  async advance(replay: ReplayDoc, { queued, lookedAt, waiting }: ReplayCounts, after: ReplayCursor): Promise<void> {
    await this.docs.updateOne(asKnown(replay), { $set: { after }, $inc: { queued, lookedAt, waiting } });
  }

  /** It has looked at its last page. */
  async finish(replay: ReplayDoc, { queued, lookedAt, waiting }: ReplayCounts, endedAt: number): Promise<void> {
    await this.docs.updateOne(asKnown(replay), { $set: over('done', endedAt), $inc: { queued, lookedAt, waiting } });
  }

  /** The first to say so is right. */
  async end({ _id, teamId, startedAt }: ReplayDoc, outcome: ReplayOutcome, endedAt: number): Promise<void> {
    await this.docs.updateOne({ _id, teamId, startedAt, endedAt: null }, { $set: over(outcome, endedAt) });
  }

  /** It is over, and what it has made pending is not wanted any more. */
  async recall({ _id, teamId, startedAt }: ReplayDoc, endedAt: number): Promise<void> {
    await this.docs.updateOne({ _id, teamId, startedAt, outcome: 'done' }, { $set: over('cancelled', endedAt) });
  }

  /** Of every team, for `reconcile`: begun between two instants and not over, oldest first. */
  unended({ since, before }: { readonly since: number; readonly before: number }, limit: number): Promise<ReplayDoc[]> {
    return this.docs
      .find({ endedAt: null, startedAt: { $gte: since, $lt: before } })
      .sort({ startedAt: 1 })
      .limit(limit)
      .toArray();
  }

  /** Those of an erased user's events alone; the workflow of one that is under way ends at its next step. */
  async forgetUser(teamId: string, userId: string): Promise<void> {
    await this.docs.deleteMany({ teamId, 'wish.userId': userId });
  }

  /** Forgets those that are long over. @returns how many */
  async purge(endedBefore: number): Promise<number> {
    return (await this.docs.deleteMany({ endedAt: { $lt: endedBefore } })).deletedCount;
  }

  async removeAllOf(teamId: string): Promise<void> {
    await this.docs.deleteMany({ teamId });
  }
}

/** What the last one looked at was is nobody's business any more: its person may be erased. */
const over = (outcome: ReplayOutcome, endedAt: number) => ({ endedAt, outcome, 'after._id': '' });

const asKnown = ({ _id, teamId, startedAt, after }: ReplayDoc) => ({
  ...{ _id, teamId, startedAt, endedAt: null },
  ...{ 'after.at': after.at, 'after._id': after._id },
});
