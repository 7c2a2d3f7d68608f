import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An endpoint that takes everything and keeps nothing. */
export interface Sink {
  readonly url: string;
  /** How many it has taken. */
  taken(): number;
  close(): Promise<void>;
}

/** @param seen called with the id of each message that has come whole */
export async function openSink(seen: (messageId: string) => void = () => undefined): Promise<Sink> {
  let taken = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      taken++;
      seen(String(request.headers['svix-id']));
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    taken: () => taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
