import { completeLinkSession } from '../connect/completeLinkSession';
import { unfinishedLinkSessions } from '../connect/unfinishedLinkSessions';
import { DexcomError } from '../dexcom/errors';
import type { ReconcileDeps } from './deps';
import { forEachPaged } from './forEachPaged';

/** Completes link sessions whose callback died between the consent and the running workflow. @returns how many */
export async function settleLinkSessions({ connect, policy }: Pick<ReconcileDeps, 'connect' | 'policy'>): Promise<number> {
  const { pageSize, unsettledMs } = policy;
  const pages = unfinishedLinkSessions(connect, { now: Date.now(), pageSize, leftOverAfterMs: unsettledMs });
  return forEachPaged(pages, async ({ _id }) => {
    try {
      await completeLinkSession(connect, _id);
      return true;
    } catch (error) {
      // There are no calls left for it just now: the next round has some.
      if (error instanceof DexcomError && error.kind === 'budget_spent') return false;
      throw error;
    }
  });
}
