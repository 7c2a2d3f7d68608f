import type { ConnectionDoc } from '../storage/connections';
import type { ReconcileDeps } from './deps';
import { forEach } from './forEach';

/**
 * Starts a workflow for every connection whose next poll is overdue and that has none: terminated, or never started because somebody died
 * between the connection and its workflow. @returns how many were started
 */
export async function restartOverdue(deps: Pick<ReconcileDeps, 'connections' | 'workflows' | 'policy'>): Promise<number> {
  const { connections, workflows, policy } = deps;
  const before = Date.now() - policy.overdueMs;
  const startMissing = async ({ _id: connectionId, teamId, userId }: ConnectionDoc): Promise<boolean> => {
    if (await workflows.isRunning(connectionId)) return false;
    await workflows.ensureRunning({ connectionId, teamId, userId });
    return true;
  };

  let started = 0;
  for await (const page of pages(connections, before, policy.pageSize)) started += await forEach(page, startMissing);
  return started;
}

/** Longest overdue first. A page begins at the instant the last one ended with, and grows if all of it is of that instant: none is passed over. */
async function* pages(connections: ReconcileDeps['connections'], before: number, pageSize: number): AsyncGenerator<ConnectionDoc[]> {
  const seen = new Set<string>();
  for (let size = pageSize, since = 0; ; ) {
    const page = await connections.overdue(before, size, since);
    const unseen = page.filter(({ _id }) => !seen.has(_id));
    for (const { _id } of unseen) seen.add(_id);
    if (unseen.length > 0) yield unseen;
    if (page.length < size) return;
    if (unseen.length === 0) size *= 2;
    since = page.at(-1)?.nextPollAt ?? since;
  }
}
