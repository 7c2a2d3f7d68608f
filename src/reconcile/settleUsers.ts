import { pagesByInstant } from '../storage/pagesByInstant';
import type { UserDoc } from '../storage/users';
import { settleUser } from '../users/settleUser';
import type { ReconcileDeps } from './deps';
import { forEachPaged } from './forEachPaged';

/**
 * Finishes what was begun with users by somebody who died over it, and starts erasing the deleted ones whose workflow is gone though their
 * grace is over. @returns how many
 */
export async function settleUsers({ people, policy }: Pick<ReconcileDeps, 'people' | 'policy'>): Promise<number> {
  const before = Date.now() - policy.unsettledMs;
  const pages = pagesByInstant<UserDoc>(
    policy.pageSize,
    ({ settleAt }) => settleAt ?? 0,
    (size, since) => people.users.unsettled(before, size, since),
  );
  return forEachPaged(pages, async (user) => {
    const isErasing = user.deletion?.eraseAt === user.settleAt && (await people.erasures.isRunning(user._id));
    if (isErasing) return false;
    await settleUser(people, user);
    return true;
  });
}
