import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';

/** One call about many connections, worked through by a workflow (vital-api.md §3.6). Holds ids only: tokens lie sealed in the link sessions. */
export interface BulkOperationDoc {
  /** UUID. */
  readonly _id: string;
  readonly teamId: string;
  readonly type: BulkOperationType;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly items: readonly BulkItem[];
}

export type BulkOperationType = 'link_bulk_import' | 'link_bulk_historical_trigger';

export interface BulkItem {
  /** Null: they were erased. */
  readonly userId: string | null;
  /** The consumed link session that carries an import; null: none, or nothing to import. */
  readonly sessionId: string | null;
  /** Null: not done yet. */
  readonly result: 'done' | 'failed' | null;
}

/** Newest first. */
export type BulkOperationPosition = Pick<BulkOperationDoc, 'startedAt' | '_id'>;

export const bulkOperationIndexes: CollectionIndexes = {
  collection: 'bulk_operations',
  indexes: [
    { name: 'team_newest', key: { teamId: 1, startedAt: -1, _id: -1 } },
    { name: 'user', key: { teamId: 1, 'items.userId': 1 } },
    { name: 'ended', key: { endedAt: 1 } },
    { name: 'unended', key: { startedAt: 1 }, partialFilterExpression: { endedAt: null } },
  ],
};

/** The collection `bulk_operations`. */
export class BulkOperations {
  private readonly docs: Collection<BulkOperationDoc>;

  constructor(db: Db) {
    this.docs = db.collection<BulkOperationDoc>(bulkOperationIndexes.collection);
  }

  async insert(operation: BulkOperationDoc): Promise<void> {
    await this.docs.insertOne(operation);
  }

  /** For the operation's own workflow, which has its id alone. */
  async load(operationId: string): Promise<BulkOperationDoc | null> {
    return this.docs.findOne({ _id: operationId });
  }

  /** Newest first, those after `position` only. */
  async page(teamId: string, position: BulkOperationPosition | null, limit: number): Promise<BulkOperationDoc[]> {
    const older = position && {
      $or: [{ startedAt: { $lt: position.startedAt } }, { startedAt: position.startedAt, _id: { $lt: position._id } }],
    };
    return this.docs
      .find({ teamId, ...older })
      .sort({ startedAt: -1, _id: -1 })
      .limit(limit)
      .toArray();
  }

  /** Begun before `instant` and not ended, oldest first. */
  async unended(instant: number, limit: number): Promise<BulkOperationDoc[]> {
    return this.docs
      .find({ endedAt: null, startedAt: { $lt: instant } })
      .sort({ startedAt: 1 })
      .limit(limit)
      .toArray();
  }

  /** Keeps what became of some of the items, by their places. Repeatable. */
  async keepResults(operationId: string, results: ReadonlyMap<number, 'done' | 'failed'>): Promise<void> {
    if (results.size === 0) return;
    const changes = Object.fromEntries([...results].map(([place, result]) => [`items.${place}.result`, result]));
    await this.docs.updateOne({ _id: operationId }, { $set: changes });
  }

  /** The first to say so is right. */
  async end(operationId: string, endedAt: number): Promise<void> {
    await this.docs.updateOne({ _id: operationId, endedAt: null }, { $set: { endedAt } });
  }

  /** Forgets who a user was in all operations. Their items stay in their places, by which results are kept. Repeatable. */
  async forgetUser(teamId: string, userId: string): Promise<void> {
    for await (const { _id, items } of this.docs.find({ teamId, 'items.userId': userId })) {
      const places = items.flatMap((item, place) => (item.userId === userId ? [place] : []));
      const changes = Object.fromEntries(
        places.flatMap((place) => [
          [`items.${place}.userId`, null],
          [`items.${place}.sessionId`, null],
        ]),
      );
      await this.docs.updateOne({ _id, teamId }, { $set: changes });
    }
  }

  /** Forgets operations that are long over. @returns how many */
  async purge(endedBefore: number): Promise<number> {
    const { deletedCount } = await this.docs.deleteMany({ endedAt: { $lt: endedBefore } });
    return deletedCount;
  }

  /** Under way or over; the workflow of one that is under way ends at its next step. */
  async removeAllOf(teamId: string): Promise<void> {
    await this.docs.deleteMany({ teamId });
  }
}
