import { windowsLeft } from '../freshness/backfillWindows';
import { historyFloor } from '../freshness/historyFloor';
import { LONGEST_WINDOW_MS } from '../freshness/policy';
import { unreadHistory } from '../freshness/unreadHistory';
import type { BackfillProgress, ConnectionDoc } from '../storage/connectionDoc';
import type { Connections } from '../storage/connections';
import type { Teams } from '../storage/teams';
import type { ConnectionWorkflows } from '../temporal/connectionWorkflows';

export interface TriggerDeps {
  readonly connections: Connections;
  readonly teams: Teams;
  readonly workflows: Pick<ConnectionWorkflows, 'lookAgain'>;
}

/**
 * Has the whole history of a connection read again, as far back as its team wants by now, and told when it is done
 * (`historical.data.glucose.created`, once for each trigger). What is found and not known yet is stored as a first pull would: told if it was
 * measured since the first consent, in silence if before, unless the team has history pushed.
 * @param pullId UUID of this trigger: one whose pull the connection has, is not to be made again
 * @returns `joined` if a historical pull is under way: that one will tell, and reads as far back as this one would have; `ended` if the connection is disconnected
 * @throws TemporalUnavailable once it is written: it will be done, the workflow just has not heard yet
 */
export async function triggerHistoricalPull(
  { connections, teams, workflows }: TriggerDeps,
  connection: ConnectionDoc,
  pullId: string,
): Promise<'started' | 'joined' | 'ended'> {
  const { _id, teamId, desired, backfill, coveredUntil, history } = connection;
  if (desired === 'disconnected') return 'ended';

  const team = await teams.byId(teamId);
  // Where Dexcom had nothing yet, the first pull said where to look.
  const offeredFrom = history?.offeredFrom ?? backfill.floor;
  const floor = historyFloor({
    offeredFrom,
    // Live pulls see to what is younger.
    until: coveredUntil,
    daysToPull: team?.pullPreferences.historicalDaysToPull ?? null,
    notBefore: connection.bounds?.from ?? null,
  });
  const isUnderWay = backfill.endedAt === null;
  if (isUnderWay && backfill.floor <= floor) return 'joined';

  const next = { pullId, scheduledAt: Date.now(), offeredFrom, pushed: team?.pushHistoricalData ?? false };
  const done = isUnderWay
    ? await connections.changeHistory(connection, deepened(backfill, floor))
    : await connections.beginHistory(connection, next, unreadHistory({ from: floor, to: coveredUntil }));
  if (done) {
    await workflows.lookAgain(_id);
    return isUnderWay ? 'joined' : 'started';
  }
  // It has changed since it was read: somebody else has begun one, or the one under way has come further.
  const now = await connections.byId(teamId, _id);
  return now ? triggerHistoricalPull({ connections, teams, workflows }, now, pullId) : 'ended';
}

const deepened = (backfill: BackfillProgress, floor: number): BackfillProgress => ({
  ...backfill,
  floor,
  windowsTotal: backfill.windowsDone + [...windowsLeft({ ...backfill, floor }, LONGEST_WINDOW_MS)].length,
});
