import { newClaim, type UserClaimDoc } from '../storage/userClaims';
import type { UserDoc } from '../storage/users';
import { type Directory, standingOf } from './standing';

export type Claimed =
  | { readonly kind: 'ours'; readonly claim: UserClaimDoc }
  /** By a live user. */
  | { readonly kind: 'taken'; readonly by: UserDoc };

/**
 * Claims `user.clientUserId` for `user`: a free id, one that nobody has any more, or that of a deleted user, who cannot come back then.
 * @param pending whether the user may have to be written still
 */
export async function claimFor(directory: Directory, user: UserDoc, pending: boolean): Promise<Claimed> {
  const { users, userClaims } = directory;
  const { teamId, clientUserId } = user;
  const claimed = (from: UserClaimDoc['from']): UserClaimDoc => newClaim({ teamId, clientUserId, user, pending, from });

  for (;;) {
    const claim = claimed(null);
    if (await userClaims.insert(claim)) return { kind: 'ours', claim };
    const there = await userClaims.read(teamId, clientUserId);
    if (!there) continue;

    if (there.user._id === user._id && there.from === null) {
      // A new nonce, so that whoever is about to take or drop what they have read does not.
      if (await userClaims.replace(there, claim)) return { kind: 'ours', claim };
      continue;
    }
    const standing = await standingOf(directory, there);
    if (standing?.kind === 'live') return { kind: 'taken', by: standing.user };
    if (standing?.kind === 'deleted')
      await userClaims.replace(there, claimed({ userId: standing.user._id, scheduledAt: standing.scheduledAt }));
    // Who claimed it may be about to move here: disturbed, they begin anew and find it taken.
    if (standing?.kind === 'idle' && (!standing.user || (await users.disturb(standing.user)))) await userClaims.replace(there, claim);
  }
}
