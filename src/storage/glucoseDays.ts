import type { Reading } from '../glucose/reading';
import type { CollectionIndexes } from './collectionIndexes';

/** One connection's readings of one UTC day, as the code sees it; `src/glucose/dayCodec.ts` packs `readings` into columns for storage. */
export interface GlucoseDay {
  /** `<connectionId>:<yyyy-mm-dd>` */
  readonly _id: string;
  readonly teamId: string;
  readonly userId: string;
  readonly connectionId: string;
  /** Raised by every write. A reading added or changed by a write carries its version as `mark`; history carries 0. */
  readonly version: number;
  /** No pull older than this may write the day. */
  readonly pullSeq: number;
  /** Some version's news has no message yet: whoever reads such a day publishes it before anything else. */
  readonly unpublished: boolean;
  /** Sorted by `at`. */
  readonly readings: readonly StoredReading[];
}

export interface StoredReading extends Reading {
  /** Version of the day that announced it, 0 for history. */
  readonly mark: number;
  /** What that version did with it. */
  readonly change: 'created' | 'updated' | 'none';
}

export const glucoseDayIndexes: CollectionIndexes = {
  collection: 'glucose_days',
  indexes: [{ name: 'unpublished', key: { connectionId: 1 }, partialFilterExpression: { unpublished: true } }],
};
