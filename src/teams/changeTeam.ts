import type { TeamChange, TeamDoc } from '../storage/teams';
import { claimName } from './claimName';
import type { TeamStores } from './teamStores';

/**
 * Changes a team: its new `integrationTeamId` is claimed, then shown, then the old one given back. Killed in between, the next change of the
 * team tidies up. @returns the team as changed, null if it is not there. @throws IntegrationTeamIdTaken
 */
export async function changeTeam(
  stores: TeamStores,
  teamId: string,
  changeOf: (team: TeamDoc) => Omit<TeamChange, 'updatedAt'>,
): Promise<TeamDoc | null> {
  for (;;) {
    const team = await stores.teams.byId(teamId);
    if (!team) return null;
    const change = changeOf(team);
    if (change.integrationTeamId) await claimName(stores, team, change.integrationTeamId);

    const changed: TeamDoc = { ...team, ...change, updatedAt: Math.max(Date.now(), team.updatedAt + 1) };
    // Somebody else changed it meanwhile: what both wrote is wanted, so this one begins again.
    if (!(await stores.teams.change(team, { ...change, updatedAt: changed.updatedAt }))) continue;
    await stores.integrationTeamIds.releaseOlder(teamId, changed.updatedAt, { orgId: team.orgId, name: changed.integrationTeamId });
    return changed;
  }
}
