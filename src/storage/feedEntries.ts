import { randomBytes } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';

/** An entry as whoever stands behind it remembers it. */
export interface FeedEntryRef {
  /** 0 before the first. */
  readonly position: number;
  /** Of the entry that stood there; null where none did. */
  readonly nonce: string | null;
}

/** One place in a team's feed. It never changes; its message says whether it stands there. */
export interface FeedEntryDoc extends FeedEntryRef {
  /** `<teamId>:<position>`, so that each position is taken once. */
  readonly _id: string;
  readonly teamId: string;
  /** From 1 on, without a gap. */
  readonly position: number;
  /**
   * Random, of this insert. A database restored from a backup may get another entry at the same position, even with the same message, behind
   * others than before: it has another nonce.
   */
  readonly nonce: string;
  readonly messageId: string;
  /**
   * Unix milliseconds: when its message was made, or, where that is later, the entry before it. So it never falls from one position to the next,
   * whoever's clock is wrong, and no message made at or after an instant stands before the first entry that is not older.
   */
  readonly at: number;
}

/** A team's feed, once something stands in it. */
interface FeedDoc {
  /** The team. */
  readonly _id: string;
  readonly floor: number;
}

export const feedEntryIndexes: CollectionIndexes = {
  collection: 'feed',
  indexes: [
    { name: 'position', key: { teamId: 1, position: 1 } },
    { name: 'time', key: { teamId: 1, at: 1, position: 1 } },
  ],
};

const NONCE_BYTES = 9;

/** The collections `feed` and `feeds`. */
export class FeedEntries {
  private readonly docs: Collection<FeedEntryDoc>;
  private readonly feeds: Collection<FeedDoc>;

  constructor(db: Db) {
    this.docs = db.collection<FeedEntryDoc>(feedEntryIndexes.collection);
    this.feeds = db.collection<FeedDoc>('feeds');
  }

  /** From now on somebody keeps its places, whoever reads it or not. Repeatable. */
  async begin(teamId: string): Promise<void> {
    await insertOnce(this.feeds, { _id: teamId, floor: 0 });
  }

  /** @returns false if the position is taken */
  async insert(entry: Omit<FeedEntryDoc, '_id' | 'nonce'>): Promise<boolean> {
    if (entry.position === 1) await this.begin(entry.teamId);
    return insertOnce(this.docs, {
      _id: `${entry.teamId}:${entry.position}`,
      nonce: randomBytes(NONCE_BYTES).toString('base64url'),
      ...entry,
    });
  }

  /** The newest. @param known a position that was there: the search begins with it */
  async tail(teamId: string, known = 0): Promise<FeedEntryDoc | null> {
    const [newest] = await this.docs
      .find({ teamId, position: { $gte: known } })
      .sort({ position: -1 })
      .limit(1)
      .toArray();
    if (newest || known === 0) return newest ?? null;
    return this.tail(teamId);
  }

  /** Those at the `count` positions after `position`, as many of them as are there, in order. */
  after(teamId: string, position: number, count: number): Promise<FeedEntryDoc[]> {
    return this.docs
      .find({ teamId, position: { $gt: position, $lte: position + count } })
      .sort({ position: 1 })
      .toArray();
  }

  /** The first after `position` that is not older than `at`. */
  async firstSince(teamId: string, position: number, at: number): Promise<FeedEntryDoc | null> {
    const [first] = await this.docs
      .find({ teamId, at: { $gte: at }, position: { $gt: position } })
      .sort({ at: 1, position: 1 })
      .limit(1)
      .toArray();
    return first ?? null;
  }

  /** The first team by id behind `teamId` that has a feed. */
  async nextTeam(teamId: string): Promise<string | null> {
    const [next] = await this.feeds
      .find({ _id: { $gt: teamId } })
      .sort({ _id: 1 })
      .limit(1)
      .toArray();
    return next?._id ?? null;
  }

  /** Up to which position a team's entries are purged, or about to be: a place there is none any more. */
  async floor(teamId: string): Promise<number> {
    return (await this.feeds.findOne({ _id: teamId }))?.floor ?? 0;
  }

  /**
   * Removes those up to `position`. That is said first: a writer who slept since before they were there finds their positions free again.
   * @returns how many there were
   */
  async purge(teamId: string, position: number): Promise<number> {
    await this.feeds.updateOne({ _id: teamId }, { $max: { floor: position } });
    return (await this.docs.deleteMany({ teamId, position: { $lte: position } })).deletedCount;
  }

  /** Of a team that is gone. */
  async removeAllOf(teamId: string): Promise<void> {
    await this.docs.deleteMany({ teamId });
    await this.feeds.deleteOne({ _id: teamId });
  }
}
