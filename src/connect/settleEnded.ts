import { lifeOfConnection } from '../life/lifeOfConnection';
import type { Consented } from '../storage/connectionDoc';
import { messageId } from '../webhooks/messageId';
import { connectionDisconnected } from '../webhooks/payloads';
import { recordMessage } from '../webhooks/recordMessage';
import type { ConnectServices } from './connectServices';

/** What ending a connection takes. */
export type Ending = Pick<ConnectServices, 'connections' | 'grants' | 'workflows' | 'outbox'>;

/**
 * What is to be done once a connection has ended. Its tokens go at once: they are of no use to us, and should be to nobody; a younger consent's
 * stay. The app is told, if it was asked for or the user deleted, and then the workflow. Whoever dies in between, the connection says so to
 * `reconcile`. Repeatable.
 * @throws TemporalUnavailable: the workflow has not heard yet
 */
export async function settleEnded(services: Ending, ended: Consented): Promise<void> {
  await services.grants.end(ended);
  await tellDisconnected(services, ended);
  await services.workflows.tell(ended._id, 'disconnect');
  await services.connections.tokensDropped(ended);
}

/** Once per consent. A connection that another one has taken the place of, or whose ingestion is over, is not told. */
async function tellDisconnected({ connections, outbox }: Ending, { teamId, _id, consentedAt }: Consented): Promise<void> {
  const connection = await connections.byId(teamId, _id);
  if (connection?.desired !== 'disconnected' || connection.consentedAt !== consentedAt) return;
  if (connection.ended !== 'request' && connection.ended !== 'deletion') return;

  await recordMessage(outbox, {
    id: messageId('connection_disconnected', _id, consentedAt),
    teamId,
    userId: connection.userId,
    connectionId: _id,
    ...connectionDisconnected(connection, lifeOfConnection(connection, null)),
  });
}
