import type { UserDoc } from '../storage/users';
import { deleteUser } from './deleteUser';
import type { UserServices } from './userServices';

/**
 * Whoever removes a team says so first and then looks for users: a user who has just been made, or brought back, looks for their team.
 * @returns false if it is being removed, or gone: the user is deleted
 * @throws TemporalUnavailable once that is decided
 */
export async function followTeam(services: UserServices, { teamId, _id: userId }: Pick<UserDoc, '_id' | 'teamId'>): Promise<boolean> {
  const team = await services.teams.byId(teamId);
  if (team && !team.removing) return true;
  await deleteUser(services, teamId, userId);
  return false;
}
