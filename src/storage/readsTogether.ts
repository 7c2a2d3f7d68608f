import { sharedTurns } from './sharedTurns';

/**
 * Lets those who read by id share reads: who asks while one of their team is under way waits for its end, and all who have come meanwhile are
 * read together. A read begun earlier does not count: each is answered by one that began after they had asked, so nobody is told what was
 * true before they came. Nobody waits while no read is under way.
 * @param read all that are there of these ids, by id; no id twice
 * @returns what is there for one id, null if nothing. @throws whatever `read` threw, for all who were read together
 */
export function readsTogether<Found>(
  read: (teamId: string, ids: readonly string[]) => Promise<ReadonlyMap<string, Found>>,
): (teamId: string, id: string) => Promise<Found | null> {
  const turn = sharedTurns((teamId: string, ids: readonly string[]) => read(teamId, [...new Set(ids)]));
  return async (teamId, id) => (await turn(teamId, id)).get(id) ?? null;
}
