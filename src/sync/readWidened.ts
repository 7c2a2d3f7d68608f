import { historyFloor } from '../freshness/historyFloor';
import { unreadHistory } from '../freshness/unreadHistory';
import { nameUuid } from '../security/nameUuid';
import type { ConnectionDoc, UserWord } from '../storage/connectionDoc';
import type { Connections } from '../storage/connections';
import type { Teams } from '../storage/teams';

const WIDENINGS = '7d1f0b5e8c2a4936a4e1c3b95f60d728';

export interface WideningDeps {
  readonly connections: Connections;
  readonly teams: Teams;
}

/**
 * Has the history read that an earlier start of a person's ingestion brings in: what was never asked for until now. The connection gets its new
 * bounds in the same moment: no window of that history is cut off at the old ones. Of one that has ended it is read after the next consent.
 * Tells nobody. Repeatable; where the start is no earlier it leaves the bounds to `Connections.follow`.
 */
export async function readWidened(deps: WideningDeps, connection: ConnectionDoc, word: UserWord): Promise<void> {
  const { _id, teamId, userRev, bounds, backfill, coveredUntil, history } = connection;
  if (userRev != null && userRev >= word.userRev) return;
  const { bounds: wanted } = word;
  const before = bounds?.from ?? null;
  if (before === null || (wanted.from !== null && wanted.from >= before)) return;

  const team = await deps.teams.byId(teamId);
  const offeredFrom = history?.offeredFrom ?? null;
  const daysToPull = team?.pullPreferences.historicalDaysToPull ?? null;
  const from = historyFloor({ offeredFrom, until: coveredUntil, daysToPull, notBefore: wanted.from });
  const to = Math.min(before, coveredUntil);
  if (from >= to) return;

  const pushed = team?.pushHistoricalData ?? false;
  const pull = { pullId: nameUuid(WIDENINGS, [_id, String(word.userRev)]), scheduledAt: Date.now(), offeredFrom, pushed };
  const done =
    backfill.endedAt === null
      ? // Windows it has passed may have been cut off at the old start: all of it is read anew.
        await deps.connections.changeHistory(
          connection,
          unreadHistory({ from: Math.min(from, backfill.floor), to: Math.max(to, backfill.ceiling) }),
          word,
        )
      : await deps.connections.beginHistory(connection, pull, unreadHistory({ from, to }), word);
  if (done) return;

  const now = await deps.connections.byId(teamId, _id);
  if (now) await readWidened(deps, now, word);
}
