import type { ConnectionDoc } from '../storage/connectionDoc';
import type { GrantRev, NeedsReauthReason } from '../storage/grants';
import { messageId } from '../webhooks/messageId';
import { connectionError } from '../webhooks/payloads';
import { type Outbox, recordMessage } from '../webhooks/recordMessage';

/** Records that the person must consent again: once for each state of a grant, however often it is met and whoever dies on the way. */
export const tellReauth = (
  outbox: Outbox,
  connection: ConnectionDoc,
  { consentId, rev }: GrantRev,
  reason: NeedsReauthReason,
): Promise<void> =>
  recordMessage(outbox, {
    id: messageId('connection_error', connection._id, consentId, rev),
    teamId: connection.teamId,
    userId: connection.userId,
    connectionId: connection._id,
    ...connectionError(connection, reason),
  });
