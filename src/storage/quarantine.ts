import { createHash } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';

/** A record of Dexcom's that could not be read: kept raw, so that nothing is lost and somebody can see it. */
export interface QuarantineDoc {
  /** Hash of connection, record type and raw JSON: the same bad record is kept once. */
  readonly _id: string;
  readonly teamId: string;
  readonly connectionId: string;
  readonly recordType: 'egv' | 'event';
  readonly reason: string;
  readonly raw: string;
  readonly seenAt: number;
}

/** How often records came on one UTC day that were not kept any more. */
interface QuarantineOverflowDoc {
  /** `<connectionId>:<day>` */
  readonly _id: string;
  readonly teamId: string;
  readonly times: number;
}

/** Where a page of them begins: after this one. */
export type QuarantinePosition = Pick<QuarantineDoc, 'seenAt' | '_id'>;

export const quarantineIndexes: CollectionIndexes = {
  collection: 'quarantine',
  indexes: [{ name: 'connection_latest', key: { teamId: 1, connectionId: 1, seenAt: -1, _id: -1 } }],
};

/** Of one connection: two days' readings. Bad records that are others each time they come would fill any disk. */
export const MOST_KEPT_A_DAY = 576;
const DAY_MS = 86_400_000;

/** The collections `quarantine` and, of what is too much of it, `quarantine_overflow`. */
export class Quarantine {
  private readonly docs: Collection<QuarantineDoc>;
  private readonly overflow: Collection<QuarantineOverflowDoc>;

  constructor(db: Db) {
    this.docs = db.collection<QuarantineDoc>(quarantineIndexes.collection);
    this.overflow = db.collection<QuarantineOverflowDoc>('quarantine_overflow');
  }

  /**
   * Keeps what is not kept yet: the same bad record comes again with every overlapping window. What is too much for its day is counted.
   * @returns how many were kept now
   */
  async keep(
    { teamId, connectionId, recordType, seenAt }: Omit<QuarantineDoc, '_id' | 'reason' | 'raw'>,
    records: readonly Pick<QuarantineDoc, 'reason' | 'raw'>[],
  ): Promise<number> {
    if (records.length === 0) return 0;
    const missing = new Map(records.map((record) => [idOf(connectionId, recordType, record.raw), record]));
    const there = await this.docs.find({ _id: { $in: [...missing.keys()] }, teamId }, { projection: { _id: 1 } }).toArray();
    for (const { _id } of there) missing.delete(_id);

    if (missing.size === 0) return 0;
    const place = { teamId, connectionId };
    const today = seenAt - (seenAt % DAY_MS);
    const room = MOST_KEPT_A_DAY - (await this.docs.countDocuments({ ...place, seenAt: { $gte: today } }, { limit: MOST_KEPT_A_DAY }));
    if (missing.size > room) await this.countOverflow(place, today, missing.size - room);

    let kept = 0;
    for (const [_id, record] of [...missing].slice(0, room)) {
      if (await insertOnce(this.docs, { _id, teamId, connectionId, recordType, seenAt, ...record })) kept++;
    }
    return kept;
  }

  /** Latest first, those after `position` only. */
  async page(teamId: string, connectionId: string, position: QuarantinePosition | null, limit: number): Promise<QuarantineDoc[]> {
    const older = position && {
      $or: [{ seenAt: { $lt: position.seenAt } }, { seenAt: position.seenAt, _id: { $lt: position._id } }],
    };
    return this.docs
      .find({ teamId, connectionId, ...older })
      .sort({ seenAt: -1, _id: -1 })
      .limit(limit)
      .toArray();
  }

  /** How often records came that were not kept. */
  async notKept(teamId: string, connectionId: string): Promise<number> {
    const days = await this.overflow.find({ _id: overflowOf(connectionId), teamId }, { projection: { times: 1 } }).toArray();
    return days.reduce((sum, { times }) => sum + times, 0);
  }

  async count(teamId: string, connectionId: string): Promise<number> {
    return this.docs.countDocuments({ teamId, connectionId });
  }

  /** @returns how many there were */
  async erase(teamId: string, connectionId: string): Promise<number> {
    const [kept, counted] = await Promise.all([
      this.docs.deleteMany({ teamId, connectionId }),
      this.overflow.deleteMany({ _id: overflowOf(connectionId), teamId }),
    ]);
    return kept.deletedCount + counted.deletedCount;
  }

  private async countOverflow(
    { teamId, connectionId }: Pick<QuarantineDoc, 'teamId' | 'connectionId'>,
    today: number,
    times: number,
  ): Promise<void> {
    const _id = `${connectionId}:${new Date(today).toISOString().slice(0, 10)}`;
    if (await insertOnce(this.overflow, { _id, teamId, times })) return;
    await this.overflow.updateOne({ _id, teamId }, { $inc: { times } });
  }
}

/** All its days, by `_id` alone. */
const overflowOf = (connectionId: string) => ({ $gte: `${connectionId}:`, $lt: `${connectionId};` });

const idOf = (...identity: [connectionId: string, recordType: string, raw: string]): string =>
  createHash('sha256').update(JSON.stringify(identity)).digest('hex');
