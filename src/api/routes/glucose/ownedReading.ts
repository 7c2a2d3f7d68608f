import type { StoredReading } from '../../../glucose/reading';

/** A reading and whose it is: record ids are Dexcom's, and two connections of one person may have the same. */
export interface OwnedReading {
  readonly connectionId: string;
  readonly reading: StoredReading;
}
