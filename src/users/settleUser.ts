import { settleEnded } from '../connect/settleEnded';
import type { UserDoc } from '../storage/users';
import { readWidened } from '../sync/readWidened';
import { holderOf } from './resolveUser';
import type { UserServices } from './userServices';
import { wordOf } from './wordOf';

/**
 * Finishes what was begun with a user: their connections follow what they say now, or have ended because they are deleted. Repeatable, by
 * anybody, from whatever point the last one died at.
 * @throws TemporalUnavailable: everything is written, and not everybody told
 */
export async function settleUser(services: UserServices, user: UserDoc): Promise<void> {
  const { teamId, _id: userId, deletion } = user;
  if (deletion) {
    // Its claim is looked at once, so that nobody takes this user for one that was never written once they are erased.
    await holderOf(services, teamId, user.clientUserId);
    await endConnections(services, user, deletion.scheduledAt);
    await services.erasures.ensureRunning({ teamId, userId });
    return services.users.settle(user, deletion.eraseAt);
  }
  const word = wordOf(user);
  const behind = (await services.connections.ofUser(teamId, userId)).filter(({ userRev }) => userRev == null || userRev < user.rev);
  for (const connection of behind) await readWidened(services, connection, word);
  await services.connections.follow(user, word);
  const running = (await services.connections.ofUser(teamId, userId)).filter(({ desired }) => desired === 'running');
  for (const { _id } of running) await services.workflows.lookAgain(_id);
  return services.users.settle(user, null);
}

/** By the consents as read before the deletion was seen to stand still: one given after it was undone is none of these. */
async function endConnections(services: UserServices, { teamId, _id: userId }: UserDoc, scheduledAt: number): Promise<void> {
  const { connections, grants, users } = services;
  const all = await connections.ofUser(teamId, userId);
  const now = await users.byIdEvenDeleted(teamId, userId);
  if (now?.deletion?.scheduledAt !== scheduledAt) return;

  for (const connection of all) await connections.end(connection, 'deletion');
  // Nobody's tokens wait for what Temporal says of another one.
  for (const connection of all) await grants.end(connection);
  for (const connection of all) await settleEnded(services, connection);
}
