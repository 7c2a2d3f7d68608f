import type { UserDoc } from '../storage/users';
import { claimFor } from './claimFor';
import { type Directory, sayWritten } from './standing';

/**
 * Creates a user unless their client user id is a live one's. Of any number at once one creates; whoever dies in between, the next one to meet
 * the claim finishes what it says (test/models/user).
 * @returns who has the id now: the user given, or the one that was there
 */
export async function createUser(directory: Directory, user: UserDoc): Promise<UserDoc> {
  const claimed = await claimFor(directory, user, true);
  if (claimed.kind === 'taken') return claimed.by;

  await directory.users.insert(user);
  await sayWritten(directory, claimed.claim);
  return user;
}
