import { type ConnectServices, DEXCOM_SLUG } from '../connect/connectServices';
import type { BulkItem, BulkOperationDoc } from '../storage/bulkOperations';
import { triggerHistoricalPull } from '../sync/triggerHistoricalPull';

/**
 * Has a user's history read again. Repeatable: one triggered since the operation began is not triggered twice.
 * @returns `failed` for somebody who has no connection of this team, or is deleted or erased
 */
export async function triggerOne(
  services: ConnectServices,
  { teamId, startedAt }: BulkOperationDoc,
  { userId }: BulkItem,
): Promise<'done' | 'failed'> {
  // Their connections may not have ended yet.
  if (userId === null || !(await services.users.byId(teamId, userId))) return 'failed';

  const all = await services.connections.ofUser(teamId, userId);
  const inUse = all.filter(({ provider, desired }) => provider === DEXCOM_SLUG && desired !== 'disconnected');
  for (const connection of inUse) {
    const begun = connection.history?.scheduledAt ?? 0;
    if (begun < startedAt) await triggerHistoricalPull(services, connection);
  }
  return inUse.length > 0 ? 'done' : 'failed';
}
