import type { UserDoc } from '../storage/users';
import { type Directory, type Standing, standingOf } from './standing';

/** The live user who has this client user id; null if nobody has. */
export async function resolveUser(directory: Directory, teamId: string, clientUserId: string): Promise<UserDoc | null> {
  const standing = await holderOf(directory, teamId, clientUserId);
  return standing?.kind === 'live' ? standing.user : null;
}

/** What the claim of this client user id means; null if there is none. */
export async function holderOf(directory: Directory, teamId: string, clientUserId: string): Promise<Standing | null> {
  for (;;) {
    const claim = await directory.userClaims.read(teamId, clientUserId);
    const standing = claim && (await standingOf(directory, claim));
    if (!claim || standing) return standing;
  }
}
