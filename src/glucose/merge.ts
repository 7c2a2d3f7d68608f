import type { ConnectionDoc } from '../storage/connections';
import { dayIds, type GlucoseDay } from '../storage/glucoseDays';
import type { Reading } from './reading';

const DAY_MS = 86_400_000;

/** Whose readings they are, and what decides between history and news (design §2). */
export interface MergeContext {
  readonly connection: Pick<ConnectionDoc, '_id' | 'teamId' | 'userId' | 'liveFrom'>;
  readonly purpose: 'live' | 'sweep' | 'backfill';
  /** Of this pull: every day written carries it. */
  readonly pullSeq: number;
}

export interface Merge {
  /** The days that change, whole, in the order they must be written; a day whose content stays is not among them. */
  readonly days: readonly GlucoseDay[];
  /** News: readings told for the first time … */
  readonly created: number;
  /** … and told again. */
  readonly updated: number;
  /** Readings that left one day for another. */
  readonly moved: number;
  /** Readings there are more than before, history too. */
  readonly added: number;
  /** Something could not be moved in one go: once `days` are written and published, read and merge the same readings again. */
  readonly again: boolean;
}

/**
 * The days a merge of `window` must be given, and the only ones it may change: a day more on either side, for records whose time has moved
 * and twins across midnight.
 */
export const daysToRead = (connectionId: string, { from, to }: { readonly from: number; readonly to: number }): string[] =>
  dayIds(connectionId, { from: from - DAY_MS, to: to + DAY_MS });

/** @param days what there is of `daysToRead`, each published */
export function merge(days: readonly GlucoseDay[], readings: readonly Reading[], context: MergeContext): Merge {
  throw new Error(`not written yet: ${days.length}, ${readings.length}, ${context.purpose}`);
}
