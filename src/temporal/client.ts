import { Client, Connection } from '@temporalio/client';

export interface TemporalClient {
  readonly client: Client;
  close(): Promise<void>;
}

/** A client that connects with its first call, so that a process starts while Temporal is away. */
export function openTemporal({ address, namespace }: { readonly address: string; readonly namespace: string }): TemporalClient {
  const connection = Connection.lazy({ address });
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}
