import type { BulkServices } from '../bulk/bulkServices';
import { type BulkProgress, workThrough } from '../bulk/workThrough';
import type { Logger } from '../log';
import { asActivityFailure } from './activityFailure';

/** The activity of a bulk operation's workflow: ids and counts only. */
export interface BulkActivities {
  /** Does the next part. @param target.lastTry what cannot be had now is failed */
  workOnBulk(target: { operationId: string; lastTry: boolean }): Promise<BulkProgress>;
}

export const createBulkActivities = (services: BulkServices, log: Logger): BulkActivities => ({
  async workOnBulk({ operationId, lastTry }) {
    try {
      return await workThrough(services, operationId, lastTry);
    } catch (error) {
      throw asActivityFailure(error, log.child({ operationId }));
    }
  },
});
