import { settleEnded } from '../connect/settleEnded';
import type { ConnectionDoc } from '../storage/connectionDoc';
import { pagesByInstant } from '../storage/pagesByInstant';
import type { UserServices } from '../users/userServices';
import type { ReconcileDeps } from './deps';
import { forEachPaged } from './forEachPaged';
import { inTurn } from './inTurn';

/** vital-api.md §2.2: what was measured before the end is taken until then. */
const LATE_CATCHMENT_MS = 7 * 86_400_000;

type Deps = Pick<ReconcileDeps, 'due' | 'people' | 'policy'>;

/** Ends the connections of people whose ingestion was over a week ago, and finishes what was begun with all that have ended. @returns how many */
export async function endIngestion(deps: Deps): Promise<number> {
  return inTurn([() => endWhatIsOver(deps), () => settleWhatHasEnded(deps)]);
}

async function endWhatIsOver({ due, people, policy }: Deps): Promise<number> {
  const before = Date.now() - LATE_CATCHMENT_MS;
  const pages = pagesByInstant<ConnectionDoc>(
    policy.pageSize,
    ({ bounds }) => bounds?.to ?? 0,
    (size, since) => due.pastIngestion(before, size, since),
  );
  return forEachPaged(pages, (connection) => end(people, connection));
}

async function settleWhatHasEnded({ due, people, policy }: Deps): Promise<number> {
  return forEachPaged(due.withTokensLeft(policy.pageSize), (connection) => settle(people, connection));
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
