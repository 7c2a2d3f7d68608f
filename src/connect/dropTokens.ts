import type { Consented } from '../storage/connectionDoc';
import type { ConnectServices } from './connectServices';

/**
 * Drops the tokens of a connection that has ended: they are of no use to us, and should be to nobody. A younger consent's stay. Whoever dies in
 * between, the connection says so to `reconcile`.
 */
export async function dropTokens(
  { connections, grants }: Pick<ConnectServices, 'connections' | 'grants'>,
  ended: Consented,
): Promise<void> {
  await grants.end(ended);
  await connections.tokensDropped(ended);
}
