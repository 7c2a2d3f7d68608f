import type { Collection, Db } from 'mongodb';
import { decodeDay, encodeDay, type PackedDay } from '../glucose/dayCodec';
import { dayId, dayStart } from '../glucose/dayIds';
import type { StoredReading } from '../glucose/reading';
import type { CollectionIndexes } from './collectionIndexes';
import type { ConnectionDoc } from './connectionDoc';
import { insertEach } from './insertEach';

export { dayId, dayIds, dayStart } from '../glucose/dayIds';
export type { StoredReading } from '../glucose/reading';

/** One connection's readings of one UTC day, as the code sees it. */
export interface GlucoseDay {
  /** `<connectionId>:<yyyy-mm-dd>` */
  readonly _id: string;
  readonly teamId: string;
  readonly userId: string;
  readonly connectionId: string;
  /** Raised by every write; 0 before the first. A reading added or changed by a write carries its version as `mark`; history carries 0. */
  readonly version: number;
  /** No pull older than this may write the day. */
  readonly pullSeq: number;
  /** Some version's news has no message yet: whoever reads such a day publishes it before anything else. */
  readonly unpublished: boolean;
  /** Sorted by `at`. */
  readonly readings: readonly StoredReading[];
}

/** A day for who writes its readings down: `openDay` (src/glucose/dayCodec.ts) unpacks them when somebody comes to it. */
export interface ClosedDay extends Pick<GlucoseDay, '_id' | 'teamId' | 'userId' | 'connectionId'> {
  readonly packed: PackedDay;
}

export interface DayCount {
  /** Midnight UTC, Unix milliseconds. */
  readonly start: number;
  /** Readings, twins not counted. */
  readonly count: number;
}

/** As stored: the readings packed into columns. */
interface GlucoseDayDoc extends Omit<GlucoseDay, 'readings'> {
  readonly packed: PackedDay;
}

export const glucoseDayIndexes: CollectionIndexes = {
  collection: 'glucose_days',
  indexes: [{ name: 'unpublished', key: { connectionId: 1 }, partialFilterExpression: { unpublished: true } }],
};

/** The collection `glucose_days`: whole days in, whole days out, so that a page of a fortnight is fifteen reads by `_id`. */
export class GlucoseDays {
  private readonly docs: Collection<GlucoseDayDoc>;

  constructor(db: Db) {
    this.docs = db.collection<GlucoseDayDoc>(glucoseDayIndexes.collection);
  }

  /** @param ids a window's or a page's. @returns the days that exist, oldest first */
  async read(teamId: string, ids: readonly string[]): Promise<GlucoseDay[]> {
    const found = await this.docs
      .find({ _id: { $in: [...ids] }, teamId })
      .sort({ _id: 1 })
      .toArray();
    return found.map(unpacked);
  }

  /** The same, still packed. @param ids of one connection */
  async readClosed(teamId: string, ids: readonly string[]): Promise<ClosedDay[]> {
    const found = await this.docs.find({ _id: { $in: [...ids] }, teamId }).toArray();
    return found.sort((a, b) => (a._id < b._id ? -1 : 1));
  }

  /** The first day of a connection that has a reading, from the one on that holds `from`, Unix milliseconds. @returns its `_id` */
  async nextWithReadings({ teamId, _id }: Pick<ConnectionDoc, 'teamId' | '_id'>, from: number): Promise<string | null> {
    const [next] = await this.docs
      .find({ _id: { $gte: dayId(_id, from), $lt: `${_id};` }, teamId, 'packed.count': { $gt: 0 } }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(1)
      .toArray();
    return next?._id ?? null;
  }

  /** The days of one connection whose news nobody has published yet. */
  async unpublishedOf({ teamId, _id }: Pick<ConnectionDoc, 'teamId' | '_id'>): Promise<GlucoseDay[]> {
    const found = await this.docs.find({ connectionId: _id, teamId, unpublished: true }).sort({ _id: 1 }).toArray();
    return found.map(unpacked);
  }

  /** Connections of any team with unpublished news by id, for `reconcile`. @param limit of days. @param after the last one seen, for the next page */
  async connectionsWithNews(limit: number, after = ''): Promise<string[]> {
    const found = await this.docs
      .find({ unpublished: true, connectionId: { $gt: after } }, { projection: { connectionId: 1 } })
      .sort({ connectionId: 1 })
      .limit(limit)
      .toArray();
    return [...new Set(found.map(({ connectionId }) => connectionId))];
  }

  /**
   * Stores `next` if the day is still the version before it and no younger pull has fenced it: one replace by `_id`, or one insert of a day
   * that was not there. @returns whether it was stored; if not, read again
   */
  async write(next: GlucoseDay): Promise<boolean> {
    return (await this.writeEach([next])).length === 1;
  }

  /**
   * The same for several days at once, each for itself; those that are not there yet take one turn together.
   * @returns those that were stored
   */
  async writeEach<Day extends GlucoseDay>(days: readonly Day[]): Promise<Day[]> {
    const docs = days.map(packed);
    const inserting = insertEach(
      this.docs,
      docs.filter(({ version }) => version === 1),
    );
    const writes = docs.map(async (doc) => (doc.version === 1 && (await inserting).has(doc)) || this.replace(doc));
    const outcomes = await Promise.allSettled(writes);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return days.filter((_, i) => outcomes[i]?.status === 'fulfilled' && outcomes[i].value);
  }

  /** Says that the news of this version is told; a later version's is not touched. */
  async markPublished({ teamId, _id, version }: GlucoseDay): Promise<void> {
    await this.docs.updateOne({ _id, teamId, version }, { $set: { unpublished: false } });
  }

  /**
   * Puts `pullSeq` on all these days, empty ones where there are none, so that no older pull can write any of them.
   * Not a step by itself: it holds from when it has returned.
   */
  async fence(
    { teamId, userId, _id: connectionId }: Pick<ConnectionDoc, 'teamId' | 'userId' | '_id'>,
    ids: readonly string[],
    pullSeq: number,
  ): Promise<void> {
    const there = await this.docs.find({ _id: { $in: [...ids] }, teamId }, { projection: { _id: 1 } }).toArray();
    const known = new Set(there.map(({ _id }) => _id));
    const empty = { teamId, userId, connectionId, version: 0, pullSeq, unpublished: false, readings: [] };
    const missing = ids.filter((_id) => !known.has(_id));
    await insertEach(
      this.docs,
      missing.map((_id) => packed({ _id, ...empty })),
    );

    await this.docs.updateMany({ _id: { $in: [...ids] }, teamId, pullSeq: { $lt: pullSeq } }, { $set: { pullSeq } });
  }

  /** How many readings a connection has. Walks all its days: for repairs. */
  async countReadings({ teamId, _id }: Pick<ConnectionDoc, 'teamId' | '_id'>): Promise<number> {
    const days = await this.docs.find({ _id: { $gt: `${_id}:`, $lt: `${_id};` }, teamId }, { projection: { 'packed.count': 1 } }).toArray();
    return days.reduce((sum, day) => sum + day.packed.count, 0);
  }

  /** How many readings each day of a connection holds, oldest first. Walks all its days: for one connection at a time. */
  async countsOf({ teamId, _id }: Pick<ConnectionDoc, 'teamId' | '_id'>): Promise<DayCount[]> {
    const days = await this.docs
      .find({ _id: { $gt: `${_id}:`, $lt: `${_id};` }, teamId }, { projection: { 'packed.count': 1 } })
      .sort({ _id: 1 })
      .toArray();
    return days.map((day) => ({ start: dayStart(day._id), count: day.packed.count }));
  }

  /** The first reading of a connection. */
  async oldestOf(connection: Pick<ConnectionDoc, 'teamId' | '_id'>): Promise<StoredReading | null> {
    const first = await this.nextWithReadings(connection, 0);
    const [day] = first === null ? [] : await this.read(connection.teamId, [first]);
    return day?.readings[0] ?? null;
  }

  /** All days of a connection, for good. @returns how many there were */
  async erase({ teamId, _id }: Pick<ConnectionDoc, 'teamId' | '_id'>): Promise<number> {
    const { deletedCount } = await this.docs.deleteMany({ _id: { $gt: `${_id}:`, $lt: `${_id};` }, teamId });
    return deletedCount;
  }

  private async replace(doc: GlucoseDayDoc): Promise<boolean> {
    const { _id, teamId, version, pullSeq } = doc;
    const { matchedCount } = await this.docs.replaceOne({ _id, teamId, version: version - 1, pullSeq: { $lte: pullSeq } }, doc);
    return matchedCount === 1;
  }
}

const packed = ({ readings, ...day }: GlucoseDay): GlucoseDayDoc => ({ ...day, packed: encodeDay(dayStart(day._id), readings) });

const unpacked = ({ packed, ...day }: GlucoseDayDoc): GlucoseDay => ({ ...day, readings: decodeDay(dayStart(day._id), packed) });
