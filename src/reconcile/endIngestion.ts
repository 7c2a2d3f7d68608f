import { settleEnded } from '../connect/settleEnded';
import type { ConnectionDoc } from '../storage/connectionDoc';
import type { UserServices } from '../users/userServices';
import type { ReconcileDeps } from './deps';
import { forEach } from './forEach';

/** vital-api.md §2.2: what was measured before the end is taken until then. */
const LATE_CATCHMENT_MS = 7 * 86_400_000;

/** Ends the connections of people whose ingestion was over a week ago, and finishes what was begun with all that have ended. @returns how many */
export async function endIngestion({ people, policy }: Pick<ReconcileDeps, 'people' | 'policy'>): Promise<number> {
  const { connections } = people;
  const over = await connections.pastIngestion(Date.now() - LATE_CATCHMENT_MS, policy.pageSize);
  const ended = await forEach(over, (connection) => end(people, connection));
  await forEach(await connections.withTokensLeft(policy.pageSize), (connection) => settle(people, connection));
  return ended;
}

async function end(people: UserServices, connection: ConnectionDoc): Promise<boolean> {
  const to = connection.bounds?.to;
  if (to == null || !(await people.connections.endIngestion(connection, to))) return false;
  await settleEnded(people, connection);
  return true;
}

async function settle(people: UserServices, connection: ConnectionDoc): Promise<boolean> {
  await settleEnded(people, connection);
  return true;
}
