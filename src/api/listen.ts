import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { Api } from './app';
import { expectationFailed } from './errors';

/** Requests under way may take this long after the order to stop: a callback that waits for another one is the longest. */
const STOP_WITHIN_MS = 40_000;

/** Where a request is that does not say for which host: HTTP/1.0 need not, and some load balancers ask so whether we are up. */
const UNNAMED_HOST = 'localhost';

export interface ListeningServer {
  readonly port: number;
  /** Takes no new request, lets those under way end. */
  close(): Promise<void>;
}

/** Serves the API. @param port 0 takes a free one. @throws if the port is taken */
export async function listen(api: Api, { host, port }: { readonly host: string; readonly port: number }): Promise<ListeningServer> {
  const listeners = listenersOf(api);
  // Node refuses a request without a host by itself, but says nothing.
  const server = createServer({ requireHostHeader: false }, (incoming, outgoing) => {
    const isUnaddressed = incoming.httpVersion !== '1.0' && incoming.headers.host === undefined;
    const listener = isUnaddressed ? listeners.refuse(new RequestError('no host')) : listeners.answer;
    listener(incoming, outgoing);
  });
  server.on('checkExpectation', listeners.refuse(expectationFailed()));
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

interface Listeners {
  readonly answer: RequestListener;
  /** Answers with an error as the API answers with errors, logged and with a request id. */
  refuse(error: Error): RequestListener;
}

function listenersOf(api: Api): Listeners {
  const options = {
    hostname: UNNAMED_HOST,
    errorHandler: (unread: unknown) => api.fetch(new Request(`http://${UNNAMED_HOST}`), { unread }),
  };
  return {
    answer: getRequestListener(api.fetch, options),
    refuse: (unread) => getRequestListener((request) => api.fetch(request, { unread }), options),
  };
}
