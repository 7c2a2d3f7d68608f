import type { Collection, Db } from 'mongodb';
import type { LoggedEvent } from '../records/loggedEvent';
import type { CollectionIndexes } from './collectionIndexes';
import type { ConnectionDoc } from './connectionDoc';
import { insertEach } from './insertEach';

/** What a person wrote down beside their readings: one event of Dexcom's, as it was told last. Instants are Unix milliseconds. */
export interface RecordDoc extends LoggedEvent {
  /** `<connectionId>:event:<recordId>` */
  readonly _id: string;
  readonly teamId: string;
  readonly connectionId: string;
  readonly recordType: 'event';
  /** Its status when it came for the first time: `created`, or a change of what another record tells. */
  readonly firstStatus: string | null;
  /** 1 at first; raised by each change of what Dexcom sends. */
  readonly version: number;
  /** A tombstone: its person has deleted it. */
  readonly deleted: boolean;
  readonly firstSeenAt: number;
  readonly changedAt: number;
}

/** What is kept of some events, by record id. */
export type KeptRecords = ReadonlyMap<string, Pick<RecordDoc, 'recordId' | 'raw' | 'version' | 'firstStatus'>>;

export const recordIndexes: CollectionIndexes = {
  collection: 'records',
  indexes: [{ name: 'connection_time', key: { teamId: 1, connectionId: 1, at: 1, _id: 1 } }],
};

/** Which are asked for: of one connection, `[from, to)`, of some types. */
export interface RecordQuery {
  readonly connection: Pick<ConnectionDoc, '_id' | 'teamId'>;
  readonly types: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** The collection `records`. */
export class Records {
  private readonly docs: Collection<RecordDoc>;

  constructor(db: Db) {
    this.docs = db.collection<RecordDoc>(recordIndexes.collection);
  }

  /** What `keep` is to write over: read by who then looks whether somebody younger has begun. */
  async keptOf({ _id: connectionId, teamId }: Pick<ConnectionDoc, '_id' | 'teamId'>, events: readonly LoggedEvent[]): Promise<KeptRecords> {
    const ids = events.map(({ recordId }) => idOf(connectionId, recordId));
    const there = await this.docs
      .find({ _id: { $in: ids }, teamId }, { projection: { recordId: 1, raw: 1, version: 1, firstStatus: 1 } })
      .toArray();
    return new Map(there.map((doc) => [doc.recordId, doc]));
  }

  /**
   * Keeps each as it is now: inserts what is new, writes over what has changed, leaves the rest alone. Repeatable; of two writers who have read
   * the same version one wins, and the other's word is read again by the next look.
   * @param events each record id once
   */
  async keep(
    { _id: connectionId, teamId }: Pick<ConnectionDoc, '_id' | 'teamId'>,
    events: readonly LoggedEvent[],
    { kept, now }: { readonly kept: KeptRecords; readonly now: number },
  ): Promise<void> {
    const fresh: RecordDoc[] = [];
    for (const event of events) {
      const _id = idOf(connectionId, event.recordId);
      const before = kept.get(event.recordId);
      const told = { ...event, deleted: event.status === 'deleted', changedAt: now };
      if (!before)
        fresh.push({ ...told, _id, teamId, connectionId, recordType: 'event', firstStatus: event.status, version: 1, firstSeenAt: now });
      else if (before.raw !== event.raw)
        await this.docs.updateOne({ _id, teamId, version: before.version }, { $set: { ...told, version: before.version + 1 } });
    }
    await insertEach(
      this.docs,
      fresh.toSorted((a, b) => (a._id < b._id ? -1 : 1)),
    );
  }

  /** By time, tombstones too. */
  async page({ connection: { _id: connectionId, teamId }, types, from, to }: RecordQuery, limit: number): Promise<RecordDoc[]> {
    return this.docs
      .find({ teamId, connectionId, type: { $in: [...types] }, at: { $gte: from, $lt: to } })
      .sort({ at: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  /** All of a connection's, for good. */
  async erase(teamId: string, connectionId: string): Promise<void> {
    await this.docs.deleteMany({ teamId, connectionId });
  }
}

const idOf = (connectionId: string, recordId: string): string => `${connectionId}:event:${recordId}`;
