import type { Life } from '../life/lifeOf';
import type { ConnectionDoc, Silence } from '../storage/connectionDoc';
import { messageId } from '../webhooks/messageId';
import { connectionStale } from '../webhooks/payloads';
import { type Outbox, recordMessage } from '../webhooks/recordMessage';

/** Records that nothing has come for longer than the person's habit: once per silence, which the newest reading before it names. */
export const tellSilence = (outbox: Outbox, connection: ConnectionDoc, life: Life, silence: Silence): Promise<void> =>
  recordMessage(outbox, {
    id: messageId('connection_stale', connection._id, silence.newestAt ?? connection.consentedAt),
    teamId: connection.teamId,
    userId: connection.userId,
    connectionId: connection._id,
    ...connectionStale(connection, life, silence),
  });
