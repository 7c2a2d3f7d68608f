import { completeLinkSession } from '../connect/completeLinkSession';
import { unfinishedLinkSessions } from '../connect/unfinishedLinkSessions';
import type { ReconcileDeps } from './deps';
import { forEach } from './forEach';

/** Completes link sessions whose callback died between the consent and the running workflow. @returns how many */
export async function settleLinkSessions({ connect, policy }: Pick<ReconcileDeps, 'connect' | 'policy'>): Promise<number> {
  const { pageSize, unsettledMs } = policy;
  const sessionIds = await unfinishedLinkSessions(connect, { now: Date.now(), limit: pageSize, leftOverAfterMs: unsettledMs });
  return forEach(sessionIds, async (sessionId) => {
    await completeLinkSession(connect, sessionId);
    return true;
  });
}
