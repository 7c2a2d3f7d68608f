import { publishUnpublished } from '../sync/publishNews';
import type { ReconcileDeps } from './deps';
import { forEach } from './forEach';

/**
 * Publishes what pulls that died have left, whoever polls there or not: the next pull would do it too, but may be hours away, or never come.
 * What a pull is about to publish this instant is published twice under the same ids, which is once.
 * @returns the connections it was done for
 */
export async function publishLeft(
  deps: Pick<ReconcileDeps, 'connections' | 'glucoseDays' | 'messages' | 'endpoints' | 'policy'>,
): Promise<number> {
  const { connections, glucoseDays, policy } = deps;
  return forEach(await allWithNews(glucoseDays, policy.pageSize), async (connectionId) => {
    const connection = await connections.load(connectionId);
    return connection !== null && (await publishUnpublished(deps, connection)) > 0;
  });
}

async function allWithNews(glucoseDays: ReconcileDeps['glucoseDays'], pageSize: number): Promise<string[]> {
  const all: string[] = [];
  for (let after = ''; ; after = all.at(-1) ?? after) {
    const page = await glucoseDays.connectionsWithNews(pageSize, after);
    if (page.length === 0) return all;
    all.push(...page);
  }
}
