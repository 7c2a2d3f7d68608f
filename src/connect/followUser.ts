import type { Consented } from '../storage/connectionDoc';
import type { UserDoc } from '../storage/users';
import { readWidened } from '../sync/readWidened';
import { wordOf } from '../users/wordOf';
import { connectionIdOf } from './connectionId';
import { type ConnectServices, DEXCOM_SLUG } from './connectServices';
import type { Consent } from './consent';
import { endConnection } from './endConnection';

/**
 * Whoever changes or deletes a user writes that first and then looks for connections: one that has just been made looks for its user.
 * @param read as it was made by. @returns false if the user is deleted: the connection has ended
 */
export async function followUser(services: ConnectServices, read: UserDoc, made: Consented): Promise<boolean> {
  const user = await services.users.byId(read.teamId, read._id);
  if (!user) await endConnection(services, made, 'deletion');
  else if (user.rev !== read.rev) {
    const [word, connection] = [wordOf(user), await services.connections.byId(made.teamId, made._id)];
    if (connection) await readWidened(services, connection, word);
    await services.connections.follow(user, word);
  }
  return user !== null;
}

/** For a consent whose user is deleted: whoever was at it before may have got as far as a grant, or a connection. */
export async function endIfConnected(services: ConnectServices, { session, account, consentedAt }: Consent): Promise<void> {
  const { teamId, userId } = session;
  if (account)
    await endConnection(services, { _id: connectionIdOf(userId, DEXCOM_SLUG, account.dexcomUserId), teamId, consentedAt }, 'deletion');
}
