import type { UserDoc, UserFields } from '../storage/users';
import { claimFor } from './claimFor';
import type { Directory } from './standing';

export type Patched = UserDoc | 'absent' | 'taken';

/**
 * Changes a live user. A new client user id is claimed first, then becomes theirs with everything else in one update, then the old one is given
 * up; whoever dies in between leaves a claim that nobody has (test/models/user).
 * @param fieldsOf what to write over the user as they are; may throw to refuse
 */
export async function patchUser(
  directory: Directory,
  { teamId, userId }: { readonly teamId: string; readonly userId: string },
  fieldsOf: (user: UserDoc) => Partial<UserFields>,
): Promise<Patched> {
  const { users, userClaims } = directory;
  for (;;) {
    const user = await users.byId(teamId, userId);
    if (!user) return 'absent';

    const fields = fieldsOf(user);
    const next = { ...user, ...fields, rev: user.rev + 1 };
    const isRenamed = next.clientUserId !== user.clientUserId;
    // Read before the change is decided: what is read later may be claimed again by then.
    const old = isRenamed ? await userClaims.read(teamId, user.clientUserId) : null;
    if (isRenamed && (await claimFor(directory, next, false)).kind === 'taken') return 'taken';

    // Somebody else changed them meanwhile, so that one is through: what both wrote is wanted, and this one begins again.
    if (!(await users.change(user, fields))) continue;
    if (old?.user._id === userId) await userClaims.drop(old);
    return next;
  }
}
