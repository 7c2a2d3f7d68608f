import type { TeamDoc } from '../storage/teams';

/** A team as the operator sees it. */
export const teamRow = (team: TeamDoc) => ({
  teamId: team._id,
  orgId: team.orgId,
  name: team.name,
  integrationTeamId: team.integrationTeamId,
  redirectUrls: team.redirectUrls,
  rejectDuplicates: team.rejectDuplicateConnection,
  pushHistory: team.pushHistoricalData,
  historyDays: team.pullPreferences.historicalDaysToPull ?? 'all',
  createdAt: new Date(team.createdAt).toISOString(),
});
