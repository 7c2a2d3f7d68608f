import { setTimeout as delay } from 'node:timers/promises';
import { isDatabaseAway } from '../storage/databaseAway';

const TRY_AGAIN_MS = 200;

/**
 * Stores what this process holds the only copy of: a database that is away is waited for, until `leaseUntil`, when others may go on without.
 * `write` may be repeated after it was done, its answer lost.
 */
export async function outlastDatabase<Result>(leaseUntil: number, write: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!isDatabaseAway(error) || Date.now() >= leaseUntil) throw error;
      await delay(TRY_AGAIN_MS);
    }
  }
}
