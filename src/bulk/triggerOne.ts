import { type ConnectServices, DEXCOM_SLUG } from '../connect/connectServices';
import { nameUuid } from '../security/nameUuid';
import type { BulkItem, BulkOperationDoc } from '../storage/bulkOperations';
import { triggerHistoricalPull } from '../sync/triggerHistoricalPull';

const TRIGGERS = 'b4d07c92e35f4a1896c1f82d6a0e5b73';

/**
 * Has a user's history read again. Repeatable: the pull is named after the operation, and one that has begun is not begun again.
 * @returns `failed` for somebody who has no connection of this team, or is deleted or erased
 */
export async function triggerOne(
  services: ConnectServices,
  { _id: operationId, teamId }: BulkOperationDoc,
  { userId }: BulkItem,
): Promise<'done' | 'failed'> {
  // Their connections may not have ended yet.
  if (userId === null || !(await services.users.byId(teamId, userId))) return 'failed';

  const all = await services.connections.ofUser(teamId, userId);
  const inUse = all.filter(({ provider, desired }) => provider === DEXCOM_SLUG && desired !== 'disconnected');
  for (const connection of inUse) {
    const pullId = nameUuid(TRIGGERS, [operationId, connection._id]);
    if (connection.history?.pullId !== pullId) await triggerHistoricalPull(services, connection, pullId);
  }
  return inUse.length > 0 ? 'done' : 'failed';
}
