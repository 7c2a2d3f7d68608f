import { Client, Connection } from '@temporalio/client';

export interface TemporalClient {
  readonly client: Client;
  close(): Promise<void>;
}

/** gRPC's own default waits up to two minutes after a long outage: whoever asks meanwhile would be told that Temporal is still away. */
const RECONNECT_WITHIN_MS = 3_000;

/** A client that connects with its first call, so that a process starts while Temporal is away. */
export function openTemporal({ address, namespace }: { readonly address: string; readonly namespace: string }): TemporalClient {
  const connection = Connection.lazy({ address, channelArgs: { 'grpc.max_reconnect_backoff_ms': RECONNECT_WITHIN_MS } });
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}
