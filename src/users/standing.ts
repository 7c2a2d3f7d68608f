import { newClaim, type UserClaimDoc, type UserClaims } from '../storage/userClaims';
import type { UserDoc, Users } from '../storage/users';

/** The two collections that say who is who. */
export interface Directory {
  readonly users: Users;
  readonly userClaims: UserClaims;
}

/** What a claim means. */
export type Standing =
  /** Its user has the id. */
  | { readonly kind: 'live'; readonly user: UserDoc }
  /** … and is deleted: until that is final they may come back to it. */
  | { readonly kind: 'deleted'; readonly user: UserDoc; readonly scheduledAt: number }
  /** Nobody has the id: whoever claimed it has another one by now, has not moved here yet, or is gone. */
  | { readonly kind: 'idle'; readonly user: UserDoc | null };

/**
 * What a claim means, once what its maker left half done is done: a user that was never written is written, a takeover is concluded or given
 * back. @returns null if something was done: read the claim again
 */
export async function standingOf(directory: Directory, claim: UserClaimDoc): Promise<Standing | null> {
  if (claim.from) {
    await concludeTakeover(directory, claim, claim.from);
    return null;
  }
  const user = await directory.users.byIdEvenDeleted(claim.teamId, claim.user._id);
  if (claim.pending) {
    if (user) await sayWritten(directory, claim);
    else await directory.users.insert(claim.user);
    return null;
  }
  if (user?.clientUserId !== claim.clientUserId) return { kind: 'idle', user };
  return user.deletion ? { kind: 'deleted', user, scheduledAt: user.deletion.scheduledAt } : { kind: 'live', user };
}

/** From now on a user who is not there was erased. */
export async function sayWritten({ userClaims }: Directory, claim: UserClaimDoc): Promise<void> {
  await userClaims.replace(claim, newClaim({ ...claim, pending: false }));
}

/** Their coming back and its being impossible are two updates of one document: whichever is first decides. */
async function concludeTakeover(
  { users, userClaims }: Directory,
  claim: UserClaimDoc,
  { userId: _id, scheduledAt }: NonNullable<UserClaimDoc['from']>,
): Promise<void> {
  const isFinal = await users.finalizeDeletion({ _id, teamId: claim.teamId }, scheduledAt);
  const cameBack = isFinal ? null : await users.byIdEvenDeleted(claim.teamId, _id);
  const next = cameBack ? { ...claim, user: cameBack, pending: false } : claim;
  await userClaims.replace(claim, newClaim({ ...next, from: null }));
}
