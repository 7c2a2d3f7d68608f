import type { ConnectionSnapshot } from '../activities';
import { lifeOfConnection } from '../life/lifeOfConnection';
import type { SyncDeps } from './deps';

/** What a connection's workflow goes by. @returns null if it should not be running, or has no grant to run with yet */
export async function snapshotOf({ connections, grants }: SyncDeps, connectionId: string): Promise<ConnectionSnapshot | null> {
  const connection = await connections.load(connectionId);
  if (!connection || connection.desired === 'disconnected') return null;
  const grant = await grants.read(connection.teamId, connectionId);
  if (!grant) return null;

  const { desired, liveFrom, coveredUntil, nextPollAt, nextSweepAt, nextDeepSweepAt, backfill, failures } = connection;
  const { state, reason, since } = lifeOfConnection(connection, grant);
  const { floor, ceiling, doneBackTo, skipped } = backfill;
  return {
    connectionId,
    desired,
    accessTokenExpiresAt: grant.accessTokenExpiresAt,
    needsReauth: grant.needsReauth?.reason ?? null,
    liveFrom,
    coveredUntil,
    nextPollAt,
    nextSweepAt,
    nextDeepSweepAt,
    backfill: { floor, ceiling, doneBackTo, skipped },
    failures,
    life: { state, reason, since },
  };
}
