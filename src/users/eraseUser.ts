import { eraseMessages } from '../webhooks/eraseMessages';
import type { ErasureDeps } from './erasureDeps';

export interface ErasedUser {
  readonly teamId: string;
  readonly userId: string;
}

const MESSAGES_AT_ONCE = 500;

/** Read before erasing begins, so that what is written late can be found when nothing leads to it any more. */
export async function deletionOf(
  { users, connections }: ErasureDeps,
  { teamId, userId }: ErasedUser,
): Promise<{ readonly eraseAt: number; readonly connectionIds: readonly string[] } | null> {
  const user = await users.byIdEvenDeleted(teamId, userId);
  if (!user?.deletion) return null;
  const known = await connections.ofUser(teamId, userId);
  return { eraseAt: user.deletion.eraseAt, connectionIds: known.map(({ _id }) => _id) };
}

/**
 * Erases a user whose grace is over: no way back from its first update on. The data goes before what leads to it (messages before connections,
 * connections before the claim, the user last), so whoever dies in between, the next try finds the rest. Nobody writes any more: the
 * connections ended when the grace began.
 * @returns false if they are not to be erased now
 */
export async function eraseUser(deps: ErasureDeps, { teamId, userId }: ErasedUser, signal: AbortSignal): Promise<boolean> {
  const { users, userClaims, connections, workflows } = deps;
  const user = await users.byIdEvenDeleted(teamId, userId);
  if (!user) return true;
  if (!user.deletion || user.deletion.eraseAt > Date.now()) return false;
  if (!(await users.finalizeDeletion(user, user.deletion.scheduledAt))) return false;

  const known = await connections.ofUser(teamId, userId);
  const connectionIds = known.map(({ _id }) => _id);
  for (const connection of known) {
    await connections.end(connection, 'deletion');
    await workflows.tell(connection._id, 'disconnect');
  }
  await eraseData(deps, { teamId, userId, connectionIds }, signal);
  for (const connection of known) await connections.remove(connection);
  await userClaims.forget(user);
  await users.remove(user);
  return true;
}

/** All that was allowed, fetched, told and tried for a user, but what leads to it. Repeatable. */
export async function eraseData(
  {
    linkSessions,
    grants,
    accountClaims,
    bulkOperations,
    glucoseDays,
    quarantine,
    records,
    devices,
    refreshLimits,
    messages,
    deliveries,
    attempts,
    replays,
    endpoints,
  }: ErasureDeps,
  { teamId, userId, connectionIds }: ErasedUser & { readonly connectionIds: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  await linkSessions.erase(teamId, userId);
  await bulkOperations.forgetUser(teamId, userId);
  await endpoints.forgetUser(teamId, userId);
  await replays.forgetUser(teamId, userId);
  // After the sessions: nobody who finds one puts its tokens back.
  await grants.erase(teamId, userId, connectionIds);
  await accountClaims.erase(teamId, userId);
  await refreshLimits.erase(teamId, userId);
  for (const _id of connectionIds) {
    signal.throwIfAborted();
    await glucoseDays.erase({ teamId, _id });
    await quarantine.erase(teamId, _id);
    await records.erase(teamId, _id);
  }
  await devices.erase(teamId, userId);
  await messages.sequences.erase(teamId, connectionIds);
  for (;;) {
    signal.throwIfAborted();
    const told = await messages.ofUser(teamId, userId, MESSAGES_AT_ONCE);
    if (told.length === 0) return;
    await eraseMessages({ messages, deliveries, attempts }, teamId, told);
  }
}
