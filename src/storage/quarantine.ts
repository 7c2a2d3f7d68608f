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
  readonly recordType: 'egv';
  readonly reason: string;
  readonly raw: string;
  readonly seenAt: number;
}

/** Where a page of them begins: after this one. */
export type QuarantinePosition = Pick<QuarantineDoc, 'seenAt' | '_id'>;

export const quarantineIndexes: CollectionIndexes = {
  collection: 'quarantine',
  indexes: [{ name: 'connection_latest', key: { teamId: 1, connectionId: 1, seenAt: -1, _id: -1 } }],
};

/** The collection `quarantine`. */
export class Quarantine {
  private readonly docs: Collection<QuarantineDoc>;

  constructor(db: Db) {
    this.docs = db.collection<QuarantineDoc>('quarantine');
  }

  /** Keeps what is not kept yet: the same bad record comes again with every overlapping window. @returns how many were new */
  async keep(
    { teamId, connectionId, recordType, seenAt }: Omit<QuarantineDoc, '_id' | 'reason' | 'raw'>,
    records: readonly Pick<QuarantineDoc, 'reason' | 'raw'>[],
  ): Promise<number> {
    if (records.length === 0) return 0;
    const missing = new Map(records.map((record) => [idOf(connectionId, recordType, record.raw), record]));
    const there = await this.docs.find({ _id: { $in: [...missing.keys()] }, teamId }, { projection: { _id: 1 } }).toArray();
    for (const { _id } of there) missing.delete(_id);

    let kept = 0;
    for (const [_id, record] of missing) {
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

  async count(teamId: string, connectionId: string): Promise<number> {
    return this.docs.countDocuments({ teamId, connectionId });
  }

  /** @returns how many there were */
  async erase(teamId: string, connectionId: string): Promise<number> {
    const { deletedCount } = await this.docs.deleteMany({ teamId, connectionId });
    return deletedCount;
  }
}

const idOf = (...identity: [connectionId: string, recordType: string, raw: string]): string =>
  createHash('sha256').update(JSON.stringify(identity)).digest('hex');
