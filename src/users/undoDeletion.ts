import type { UserDoc } from '../storage/users';
import { holderOf } from './resolveUser';
import type { Directory } from './standing';

/** Who should come back. */
export type Wanted = { readonly userId: string } | { readonly clientUserId: string };

/**
 * Brings a deleted user back, without their connections. Not if their client user id is somebody else's by now, nor once they are being erased.
 * @returns null if there is no such deletion to undo
 */
export async function undoDeletion(directory: Directory, teamId: string, wanted: Wanted): Promise<UserDoc | null> {
  const { users } = directory;
  const clientUserId = 'clientUserId' in wanted ? wanted.clientUserId : (await users.byIdEvenDeleted(teamId, wanted.userId))?.clientUserId;
  const standing = clientUserId === undefined ? null : await holderOf(directory, teamId, clientUserId);
  if (standing?.kind !== 'deleted' || ('userId' in wanted && standing.user._id !== wanted.userId)) return null;

  const isUndone = await users.undoDeletion(standing.user, standing.scheduledAt);
  return isUndone ? standing.user : null;
}
