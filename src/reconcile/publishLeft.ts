import { publishUnpublished } from '../sync/publishNews';
import type { ReconcileDeps } from './deps';
import { forEach } from './forEach';

/**
 * Publishes what pulls that died have left, where no pull will come soon to do it: the connection is not running, or nobody runs it.
 * @returns the connections it was done for
 */
export async function publishLeft(
  deps: Pick<ReconcileDeps, 'connections' | 'glucoseDays' | 'messages' | 'endpoints' | 'workflows' | 'policy'>,
): Promise<number> {
  const { connections, glucoseDays, workflows, policy } = deps;
  return forEach(await glucoseDays.connectionsWithNews(policy.pageSize), async (connectionId) => {
    const connection = await connections.load(connectionId);
    if (!connection) return false;
    if (connection.desired === 'running' && (await workflows.isRunning(connectionId))) return false;
    return (await publishUnpublished(deps, connection)) > 0;
  });
}
