import type { TeamDoc } from '../storage/teams';
import type { TeamStores } from './teamStores';

/** Ends a team that has nobody: its keys first, so that nobody comes in. Repeatable; the team itself goes last. */
export async function removeTeam({ teams, integrationTeamIds, apiKeys }: TeamStores, { _id, orgId }: TeamDoc): Promise<void> {
  await apiKeys.revokeAllOf(orgId, _id);
  await integrationTeamIds.releaseAll(_id);
  await teams.remove(_id);
}
