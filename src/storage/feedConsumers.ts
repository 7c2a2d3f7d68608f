import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import type { FeedEntryRef } from './feedEntries';
import { insertOnce } from './insertOnce';

/** How far somebody who reads a team's feed has come, kept for them. */
export interface FeedConsumerDoc extends FeedPlace {
  /** `<teamId>:<name>` */
  readonly _id: string;
  readonly teamId: string;
  readonly name: string;
  /** New with each time it is put somewhere: what was read before that acknowledges nothing any more. */
  readonly placing: string;
  readonly placedAt: number;
  readonly acknowledgedAt: number | null;
}

/** Where reading goes on: behind the last entry that is done with. */
export interface FeedPlace extends FeedEntryRef {
  /** Entries older than this are passed over, Unix milliseconds; 0 takes all. */
  readonly since: number;
}

export const feedConsumerIndexes: CollectionIndexes = {
  collection: 'feed_consumers',
  indexes: [{ name: 'name', key: { teamId: 1, name: 1 } }],
};

/** One consumer, and the team every question about it carries. */
export type FeedConsumerKey = Pick<FeedConsumerDoc, 'teamId' | 'name'>;

/** The collection `feed_consumers`. */
export class FeedConsumers {
  private readonly docs: Collection<FeedConsumerDoc>;

  constructor(db: Db) {
    this.docs = db.collection<FeedConsumerDoc>(feedConsumerIndexes.collection);
  }

  get(key: FeedConsumerKey): Promise<FeedConsumerDoc | null> {
    return this.docs.findOne({ _id: idOf(key), teamId: key.teamId });
  }

  /** By name, those after `after` only. */
  page(teamId: string, after: string, limit: number): Promise<FeedConsumerDoc[]> {
    return this.docs
      .find({ teamId, name: { $gt: after } })
      .sort({ name: 1 })
      .limit(limit)
      .toArray();
  }

  /** Makes it, or moves it, in whichever direction. */
  async put(consumer: Omit<FeedConsumerDoc, '_id' | 'acknowledgedAt'>): Promise<void> {
    const { teamId, position, nonce, since, placing, placedAt } = consumer;
    const _id = idOf(consumer);
    while (!(await insertOnce(this.docs, { _id, ...consumer, acknowledgedAt: null }))) {
      const moved = await this.docs.updateOne(
        { _id, teamId },
        { $set: { position, nonce, since, placing, placedAt, acknowledgedAt: null } },
      );
      if (moved.matchedCount > 0) return;
    }
  }

  /** Moves it forward, never back, and only if it was not put elsewhere since. */
  async acknowledge(
    { teamId, name, placing }: FeedConsumerKey & Pick<FeedConsumerDoc, 'placing'>,
    { position, nonce }: FeedEntryRef,
    at: number,
  ): Promise<void> {
    const filter = { _id: idOf({ teamId, name }), teamId, placing, position: { $lt: position } };
    await this.docs.updateOne(filter, { $set: { position, nonce, acknowledgedAt: at } });
  }

  /** @returns false if there is none */
  async remove(key: FeedConsumerKey): Promise<boolean> {
    return (await this.docs.deleteOne({ _id: idOf(key), teamId: key.teamId })).deletedCount > 0;
  }

  /** Of a team that is gone. */
  async removeAllOf(teamId: string): Promise<void> {
    await this.docs.deleteMany({ teamId });
  }
}

const idOf = ({ teamId, name }: FeedConsumerKey): string => `${teamId}:${name}`;
