import type { CollectionIndexes } from './collectionIndexes';

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

export const quarantineIndexes: CollectionIndexes = {
  collection: 'quarantine',
  indexes: [{ name: 'connection', key: { teamId: 1, connectionId: 1, seenAt: -1 } }],
};
