import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import type { ConnectionDoc } from './connectionDoc';
import { insertEach } from './insertEach';
import { insertOnce } from './insertOnce';
import { MessageSequences } from './messageSequences';
import { sharedTurns } from './sharedTurns';
import { throughTime } from './throughTime';

/** An event on its way to the app. It exists before any HTTP and never changes but for `targets`, `dispatched`, `position` and `agesFrom`. */
export interface MessageDoc {
  /** `msg_` + hash of what it tells (design §2): the same news gives the same id, so a repeat inserts nothing. */
  readonly _id: string;
  readonly teamId: string;
  /** Null for what is told of an endpoint. */
  readonly userId: string | null;
  readonly connectionId: string | null;
  /** Rises with each message of its connection, gaps included; also in the body. Null where there is no connection. */
  readonly sequence: number | null;
  readonly type: string;
  readonly createdAt: number;
  /** The exact body sent and signed. */
  readonly body: string;
  /** The endpoints subscribed when it was made, and those that have caught up with it since. */
  readonly targets: readonly string[];
  /** Every target has a delivery or has accepted; set once by whoever dispatched it. */
  readonly dispatched: boolean;
  /** Its place in the team's pull feed, given once and after the fact (src/feed); 0 as long as it has none, -1 for one that never gets any. */
  readonly position: number;
  /** Its time in storage is counted from here: when it was made, later where it was still needed once that was over. */
  readonly agesFrom: number;
}

/** As it is recorded: nobody gives it a place then. */
export type RecordedMessage = Omit<MessageDoc, 'position' | 'agesFrom'>;

/** What the end of its time asks of a message. */
export type AgedMessage = Pick<MessageDoc, '_id' | 'teamId' | 'targets'>;

/** What the feed asks of a message before its body is read. */
export type FeedMessage = Pick<MessageDoc, '_id' | 'position' | 'type' | 'userId'>;

/** What is asked of messages that an endpoint may have missed. */
export type PastMessage = Pick<MessageDoc, '_id' | 'type' | 'userId' | 'createdAt' | 'targets' | 'dispatched'>;

/** The last message somebody has dealt with, of those of a team by age. */
export type MessageCursor = Pick<MessageDoc, 'createdAt' | '_id'>;

const PAST = { type: 1, userId: 1, createdAt: 1, targets: 1, dispatched: 1 } as const;
const OUTSIDE_FEED = -1;
/** A fleet of five thousand tells about a thousand events in that time … */
const FIRST_LOOK_MS = 60_000;
/** … and a person a dozen in this. */
const FIRST_LOOK_AT_ONE_MS = 60 * 60_000;

export const messageIndexes: CollectionIndexes = {
  collection: 'messages',
  indexes: [
    { name: 'user_by_age', key: { teamId: 1, userId: 1, createdAt: 1, _id: 1 } },
    { name: 'team_by_age', key: { teamId: 1, createdAt: 1, _id: 1 } },
    { name: 'undispatched_of_connection', key: { connectionId: 1, createdAt: 1, _id: 1 }, partialFilterExpression: { dispatched: false } },
    { name: 'undispatched', key: { createdAt: 1, _id: 1 }, partialFilterExpression: { dispatched: false } },
    { name: 'aged', key: { agesFrom: 1, _id: 1 }, partialFilterExpression: { dispatched: true } },
    { name: 'unplaced', key: { teamId: 1, createdAt: 1, _id: 1 }, partialFilterExpression: { position: 0 } },
  ],
};

/** The collection `messages`: an outbox that is also the record of what was told. */
export class Messages {
  readonly sequences: MessageSequences;
  private readonly collection: Collection<MessageDoc>;
  private readonly inserts = sharedTurns((_: string, messages: readonly MessageDoc[]) => insertEach(this.collection, messages));
  private readonly marks = sharedTurns(async (teamId: string, settled: readonly (readonly string[])[]) => {
    await this.collection.updateMany({ _id: { $in: settled.flat() }, teamId, dispatched: false }, { $set: { dispatched: true } });
  });

  constructor(db: Db) {
    this.sequences = new MessageSequences(db);
    this.collection = db.collection(messageIndexes.collection);
  }

  /** @returns false if the same news is there already; what is there stands. */
  async insert(message: RecordedMessage): Promise<boolean> {
    const made = { ...message, position: 0, agesFrom: message.createdAt };
    return (await this.inserts(message.teamId, made)).has(made);
  }

  /** One that is for its targets alone: nobody finds it in the feed. */
  async insertOutsideFeed(message: RecordedMessage): Promise<void> {
    await insertOnce(this.collection, { ...message, position: OUTSIDE_FEED, agesFrom: message.createdAt });
  }

  /** Those of a team behind a place in time, oldest first; not those outside the feed. @param within of one user, or none younger than `to` */
  async behind(
    teamId: string,
    { createdAt, _id }: MessageCursor,
    limit: number,
    { userId = null, to = null }: { readonly userId?: string | null; readonly to?: number | null } = {},
  ): Promise<PastMessage[]> {
    const later = { $or: [{ createdAt: { $gt: createdAt } }, { createdAt, _id: { $gt: _id } }] };
    const ofUser = userId !== null && { userId };
    const span = { from: createdAt, to, firstMs: userId === null ? FIRST_LOOK_MS : FIRST_LOOK_AT_ONE_MS };
    return throughTime(span, limit, (stretch, most) =>
      this.collection
        .find({ teamId, position: { $gt: OUTSIDE_FEED }, ...ofUser, createdAt: stretch, ...later }, { projection: PAST })
        .sort({ createdAt: 1, _id: 1 })
        .limit(most)
        .toArray(),
    );
  }

  /** @returns those that exist, in no order; also those outside the feed */
  past(teamId: string, ids: readonly string[]): Promise<PastMessage[]> {
    return this.collection.find({ _id: { $in: [...ids] }, teamId }, { projection: PAST }).toArray();
  }

  /** An endpoint more that they are for. Repeatable. */
  async addTarget(teamId: string, ids: readonly string[], endpointId: string): Promise<void> {
    const lacking = { _id: { $in: [...ids] }, teamId, targets: { $ne: endpointId } };
    await this.collection.updateMany(lacking, { $push: { targets: endpointId } });
  }

  /** Not for this endpoint any more: it was never sent it. */
  async dropTarget(teamId: string, id: string, endpointId: string): Promise<void> {
    for (;;) {
      const found = await this.collection.findOne({ _id: id, teamId, targets: endpointId }, { projection: { targets: 1 } });
      if (!found) return;
      const others = found.targets.filter((target) => target !== endpointId);
      // Changed meanwhile, it is read again.
      await this.collection.updateOne({ _id: id, teamId, targets: [...found.targets] }, { $set: { targets: others } });
    }
  }

  /** One endpoint more, found when it was recorded already: whoever dispatches next brings it there. */
  async addLateTarget(teamId: string, id: string, endpointId: string): Promise<void> {
    const lacking = { _id: id, teamId, targets: { $ne: endpointId } };
    await this.collection.updateOne(lacking, { $push: { targets: endpointId }, $set: { dispatched: false } });
  }

  /** Oldest first. For the connection's own workflow, which knows its id alone; an id of ours is no other team's. */
  undispatchedOf(connectionId: string, limit: number): Promise<MessageDoc[]> {
    return this.collection.find({ connectionId, dispatched: false }).sort({ createdAt: 1, _id: 1 }).limit(limit).toArray();
  }

  countUndispatchedOf({ teamId, _id: connectionId }: Pick<ConnectionDoc, 'teamId' | '_id'>): Promise<number> {
    return this.collection.countDocuments({ teamId, connectionId, dispatched: false });
  }

  /** Of every team, for `reconcile`: made before `instant`, oldest first. */
  undispatchedBefore(instant: number, limit: number): Promise<MessageDoc[]> {
    return this.collection
      .find({ dispatched: false, createdAt: { $lt: instant } })
      .sort({ createdAt: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  /** Each by itself: where this dies half-way, whoever dispatches next marks the rest. */
  async markDispatched(teamId: string, ids: readonly string[]): Promise<void> {
    await this.marks(teamId, ids);
  }

  /** In no order. */
  ofUser(teamId: string, userId: string, limit: number): Promise<Pick<MessageDoc, '_id' | 'targets'>[]> {
    return this.collection
      .find({ teamId, userId }, { projection: { targets: 1 } })
      .limit(limit)
      .toArray();
  }

  /** For good. Their deliveries go first: by a message they are found. */
  async erase(teamId: string, ids: readonly string[]): Promise<void> {
    await this.collection.deleteMany({ _id: { $in: [...ids] }, teamId });
  }

  /** Of every team, for `reconcile`: those on their way whose time began before `instant`, longest ago first. */
  agedBefore(instant: number, limit: number): Promise<AgedMessage[]> {
    return this.collection
      .find({ dispatched: true, agesFrom: { $lt: instant } }, { projection: { teamId: 1, targets: 1 } })
      .sort({ agesFrom: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  /** They are still needed. */
  async ageFrom(teamId: string, ids: readonly string[], instant: number): Promise<void> {
    await this.collection.updateMany({ _id: { $in: [...ids] }, teamId }, { $set: { agesFrom: instant } });
  }

  /** @returns those that exist, in no order */
  read(teamId: string, ids: readonly string[]): Promise<MessageDoc[]> {
    return this.collection.find({ _id: { $in: [...ids] }, teamId }).toArray();
  }

  /** Those without a place in the feed made at or after `since`, oldest first. */
  unplaced(teamId: string, since: number, limit: number): Promise<Pick<MessageDoc, '_id' | 'createdAt'>[]> {
    return this.collection
      .find({ teamId, position: 0, createdAt: { $gte: since } }, { projection: { createdAt: 1 } })
      .sort({ createdAt: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  /** Gives it a place in the feed, unless it has one. */
  async place(teamId: string, _id: string, position: number): Promise<void> {
    await this.collection.updateOne({ _id, teamId, position: 0 }, { $set: { position } });
  }

  /** @returns those that exist, in no order */
  inFeed(teamId: string, ids: readonly string[]): Promise<FeedMessage[]> {
    return this.collection.find({ _id: { $in: [...ids] }, teamId }, { projection: { position: 1, type: 1, userId: 1 } }).toArray();
  }
}
