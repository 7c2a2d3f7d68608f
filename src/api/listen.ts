import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Api } from './app';

/** Requests under way may take this long after the order to stop: a callback that waits for another one is the longest. */
const STOP_WITHIN_MS = 40_000;

export interface ListeningServer {
  readonly port: number;
  /** Takes no new request, lets those under way end. */
  close(): Promise<void>;
}

/** Serves the API. @param port 0 takes a free one. @throws if the port is taken */
export async function listen(api: Api, { host, port }: { readonly host: string; readonly port: number }): Promise<ListeningServer> {
  const server = createServer(getRequestListener(api.fetch));
  server.listen(port, host);
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const late = setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS);
        server.close(() => {
          clearTimeout(late);
          resolve();
        });
      }),
  };
}
