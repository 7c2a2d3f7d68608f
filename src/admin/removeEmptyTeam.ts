import { type RemovalStores, removeTeam } from '../teams/removeTeam';

/** Ends a team that has no users, as the API does. @throws Error naming the option that is wrong */
export async function removeEmptyTeam(stores: RemovalStores, id: string): Promise<{ readonly teamId: string; readonly removed: true }> {
  const team = await stores.teams.byId(id);
  if (!team) throw new Error(`--id ${id} is no team`);
  const count = await stores.users.count(id);
  if (count > 0) throw new Error(`--id ${id} has users (${count}): delete them first`);

  await removeTeam(stores, team);
  return { teamId: id, removed: true };
}
