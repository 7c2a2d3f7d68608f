import type { TeamDoc } from '../storage/teams';
import { IntegrationTeamIdTaken, type TeamStores } from './teamStores';

/**
 * Makes `integrationTeamId` the team's. A team is written before its name is claimed, so a claim whose team is not there is left over from one
 * that was removed, and gives way. @throws IntegrationTeamIdTaken
 */
export async function claimName({ teams, integrationTeamIds }: TeamStores, team: TeamDoc, integrationTeamId: string): Promise<void> {
  const claim = { orgId: team.orgId, integrationTeamId, teamId: team._id, over: team.updatedAt };
  const holder = await integrationTeamIds.claim(claim);
  if (holder === team._id) return;
  if (await teams.byId(holder)) throw new IntegrationTeamIdTaken();

  await integrationTeamIds.releaseAll(holder);
  if ((await integrationTeamIds.claim(claim)) !== team._id) throw new IntegrationTeamIdTaken();
}
