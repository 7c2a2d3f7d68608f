import { randomUUID } from 'node:crypto';
import { type TeamDoc, teamDefaults } from '../storage/teams';
import { changeTeam } from './changeTeam';
import type { TeamStores } from './teamStores';

export type TeamWish = Pick<TeamDoc, 'orgId' | 'name'> & Partial<Omit<TeamDoc, '_id' | 'createdAt' | 'updatedAt'>>;

/** A new team. Killed half-way it is one without its `integrationTeamId`, which stays free. @throws IntegrationTeamIdTaken */
export async function createTeam(stores: TeamStores, { integrationTeamId, ...wish }: TeamWish): Promise<TeamDoc> {
  const now = Date.now();
  const team: TeamDoc = { ...teamDefaults, ...wish, _id: randomUUID(), createdAt: now, updatedAt: now };
  await stores.teams.insert(team);
  if (integrationTeamId === null || integrationTeamId === undefined) return team;
  try {
    return (await changeTeam(stores, team._id, () => ({ integrationTeamId }))) ?? team;
  } catch (error) {
    await stores.teams.remove(team._id);
    throw error;
  }
}
