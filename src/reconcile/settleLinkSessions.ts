import { completeLinkSession } from '../connect/completeLinkSession';
import { unfinishedLinkSessions } from '../connect/unfinishedLinkSessions';
import type { ReconcileDeps } from './deps';
import { forEachPaged } from './forEachPaged';

/** Completes link sessions whose callback died between the consent and the running workflow. @returns how many */
export async function settleLinkSessions({ connect, policy }: Pick<ReconcileDeps, 'connect' | 'policy'>): Promise<number> {
  const { pageSize, unsettledMs } = policy;
  const pages = unfinishedLinkSessions(connect, { now: Date.now(), pageSize, leftOverAfterMs: unsettledMs });
  return forEachPaged(pages, async ({ _id }) => {
    await completeLinkSession(connect, _id);
    return true;
  });
}
