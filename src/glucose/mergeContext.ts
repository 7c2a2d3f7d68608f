import type { ConnectionDoc } from '../storage/connectionDoc';

/** Whose readings they are, and what decides between history and news (design §2). */
export interface MergeContext {
  readonly connection: Pick<ConnectionDoc, '_id' | 'teamId' | 'userId' | 'liveFrom'>;
  readonly purpose: 'live' | 'sweep' | 'backfill';
  /** Of this pull: every day written carries it. */
  readonly pullSeq: number;
}
