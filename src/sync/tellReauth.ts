import type { ConnectionDoc } from '../storage/connectionDoc';
import type { GrantRev, NeedsReauthReason } from '../storage/grants';
import { messageId } from '../webhooks/messageId';
import { connectionError } from '../webhooks/payloads';
import { recordMessage } from '../webhooks/recordMessage';
import type { SyncDeps } from './deps';

/** Records that the person must consent again: once for each state of a grant, however often it is met and whoever dies on the way. */
export async function tellReauth(
  deps: Pick<SyncDeps, 'messages' | 'endpoints' | 'connections'>,
  connection: ConnectionDoc,
  grant: GrantRev,
  reason: NeedsReauthReason,
): Promise<void> {
  const id = reauthMessageId(grant);
  // A message is kept for a while, what it told may last longer.
  if (connection.toldError === id) return;
  const { _id: connectionId, teamId, userId } = connection;
  await recordMessage(deps, { id, teamId, userId, connectionId, ...connectionError(connection, reason) });
  await deps.connections.errorTold(connection, id);
}

/** A grant is its connection's by its id. */
export const reauthMessageId = ({ _id: connectionId, consentId, rev }: GrantRev): string =>
  messageId('connection_error', connectionId, consentId, rev);
