import type { Consented, EndReason } from '../storage/connectionDoc';
import { type Ending, settleEnded } from './settleEnded';

/**
 * Ends a connection, unless a consent younger than the one read has brought it back: what should be is written, its tokens are dropped, the app
 * and its workflow are told. Its data stays. Repeatable.
 * @throws TemporalUnavailable once it is written: it will be so, the workflow just has not heard yet
 */
export async function endConnection(services: Ending, connection: Consented, reason: EndReason): Promise<void> {
  if (await services.connections.end(connection, reason)) return settleEnded(services, connection);
  // A consent's grant comes before its connection: tokens may be there without one, or beside one that is still at an older consent.
  await services.grants.end(connection);
}
