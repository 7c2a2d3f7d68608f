import { historyFloor } from '../freshness/historyFloor';
import { unreadHistory } from '../freshness/unreadHistory';
import { nameUuid } from '../security/nameUuid';
import type { ConnectionDoc, IngestionBounds } from '../storage/connectionDoc';
import type { Connections } from '../storage/connections';
import type { Teams } from '../storage/teams';

const WIDENINGS = '7d1f0b5e8c2a4936a4e1c3b95f60d728';

export interface WideningDeps {
  readonly connections: Connections;
  readonly teams: Teams;
}

/**
 * Has the history read that an earlier start of a person's ingestion brings in: what was never asked for until now. To be called while the
 * connection has its old bounds still, so that whoever dies before it has the new ones calls it again. Of one that has ended it is read after the
 * next consent. Tells nobody. Repeatable.
 * @param rev of the user who says `wanted`
 */
export async function readWidened(
  deps: WideningDeps,
  connection: ConnectionDoc,
  { wanted, rev }: { readonly wanted: IngestionBounds; readonly rev: number },
): Promise<void> {
  const { _id, teamId, bounds, backfill, coveredUntil, history } = connection;
  const before = bounds?.from ?? null;
  if (before === null || (wanted.from !== null && wanted.from >= before)) return;

  const team = await deps.teams.byId(teamId);
  const offeredFrom = history?.offeredFrom ?? null;
  const daysToPull = team?.pullPreferences.historicalDaysToPull ?? null;
  const from = historyFloor({ offeredFrom, until: coveredUntil, daysToPull, notBefore: wanted.from });
  const to = Math.min(before, coveredUntil);
  if (from >= to) return;

  const pushed = team?.pushHistoricalData ?? false;
  const pull = { pullId: nameUuid(WIDENINGS, [_id, String(rev)]), scheduledAt: Date.now(), offeredFrom, pushed };
  const done =
    backfill.endedAt === null
      ? // Windows it has passed may have been cut off at the old start: all of it is read anew.
        await deps.connections.changeHistory(
          connection,
          unreadHistory({ from: Math.min(from, backfill.floor), to: Math.max(to, backfill.ceiling) }),
        )
      : await deps.connections.beginHistory(connection, pull, unreadHistory({ from, to }));
  if (done) return;

  const now = await deps.connections.byId(teamId, _id);
  if (now) await readWidened(deps, now, { wanted, rev });
}
