import type { ConnectionDoc } from '../storage/connectionDoc';
import type { GrantDoc } from '../storage/grants';
import { pagesByInstant } from '../storage/pagesByInstant';
import type { SyncPhase } from '../temporal/searchAttributes';
import { messageId } from '../webhooks/messageId';
import { connectionError } from '../webhooks/payloads';
import { recordMessage } from '../webhooks/recordMessage';
import type { ReconcileDeps } from './deps';
import { forEachPaged } from './forEachPaged';

type Deps = Pick<ReconcileDeps, 'connections' | 'due' | 'grants' | 'workflows' | 'messages' | 'endpoints' | 'policy'>;

const DAY_MS = 86_400_000;

/**
 * Goes through the connections whose next poll is overdue, longest first: starts a workflow for one that has none (terminated, lost with all of
 * Temporal's data, or never started because somebody died before), has one look again that waits for what has come to pass, and tells of one
 * that has no grant to go on with. @returns how many were mended
 */
export async function restartOverdue(deps: Deps): Promise<number> {
  const { due, policy } = deps;
  const before = Date.now() - policy.overdueMs;
  const pages = pagesByInstant<ConnectionDoc>(
    policy.pageSize,
    ({ nextPollAt }) => nextPollAt,
    (size, since) => due.overdue(before, size, since),
  );
  return forEachPaged(pages, (connection) => mend(deps, connection));
}

async function mend(deps: Deps, connection: ConnectionDoc): Promise<boolean> {
  const { workflows, grants } = deps;
  const { _id: connectionId, teamId, userId } = connection;
  // A grant is there before its connection runs, and as long as it should.
  const grant = await grants.read(teamId, connectionId);
  if (!grant) return tellMissing(deps, connection);

  const phase = await workflows.phaseOf(connectionId);
  if (phase !== null && !waitsInVain(phase, grant)) return false;
  await workflows.ensureRunning({ connectionId, teamId, userId });
  return true;
}

/** It has not heard that it was resumed, or that its person has consented again. */
const waitsInVain = (phase: SyncPhase, { needsReauth }: GrantDoc): boolean =>
  phase === 'paused' || (phase === 'needs_reauth' && needsReauth === null);

/** A workflow would end at once; only the person can help. Looked at again tomorrow: somebody may restore the other half of a backup. */
async function tellMissing(deps: Deps, connection: ConnectionDoc): Promise<boolean> {
  const { teamId, userId, _id: connectionId, consentedAt } = connection;
  // Whoever ends a connection says so first, and takes its grant then: that one is missed by nobody.
  const latest = await deps.connections.byId(teamId, connectionId);
  if (latest?.desired !== 'running' || latest.consentedAt !== consentedAt) return false;

  const id = messageId('connection_error', connectionId, consentedAt, 'grant_missing');
  // A message is kept for a while, and this may last longer.
  if (latest.toldError !== id) {
    await recordMessage(deps, { id, teamId, userId, connectionId, ...connectionError(connection, 'grant_missing') });
    await deps.connections.errorTold(connection, id);
  }
  await deps.due.postpone(connection, Date.now() + DAY_MS);
  return true;
}
