import { settleUser } from './settleUser';
import type { UserServices } from './userServices';

/**
 * Deletes a user: out of sight at once, every connection ended, erased after the grace. The first update decides; whoever dies after it, the
 * next caller or `reconcile` goes on.
 * @returns false if there is no such user, or they were deleted before
 * @throws TemporalUnavailable once it is decided: ask again
 */
export async function deleteUser(services: UserServices, teamId: string, userId: string): Promise<boolean> {
  const { users, deletionGraceMs } = services;
  const scheduledAt = Date.now();
  const deletion = { scheduledAt, eraseAt: scheduledAt + deletionGraceMs, final: false };
  const isNew = await users.scheduleDeletion({ _id: userId, teamId }, deletion);

  const user = await users.byIdEvenDeleted(teamId, userId);
  const isUnderWay = user?.deletion != null && user.settleAt !== user.deletion.eraseAt;
  if (user && isUnderWay) await settleUser(services, user);
  return isNew || isUnderWay;
}
