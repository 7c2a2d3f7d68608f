import type { Consented } from '../storage/connectionDoc';
import type { ConnectServices } from './connectServices';
import { dropTokens } from './dropTokens';

type Ending = Pick<ConnectServices, 'connections' | 'grants' | 'workflows'>;

/**
 * Ends a connection, unless a consent younger than the one read has brought it back: what should be is written, its tokens are dropped, its
 * workflow is told. Its data stays. Repeatable.
 * @throws TemporalUnavailable once it is written: it will be so, the workflow just has not heard yet
 */
export async function endConnection(services: Ending, connection: Consented): Promise<void> {
  const ended = await services.connections.end(connection);
  // A consent's grant comes before its connection: tokens may be there without one, or beside one that is still at an older consent.
  await dropTokens(services, connection);
  if (ended) await services.workflows.tell(connection._id, 'disconnect');
}
