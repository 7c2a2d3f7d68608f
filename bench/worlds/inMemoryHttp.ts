import { once } from 'node:events';
import { createServer } from 'node:http';
import { duplexPair } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import type { Api } from '../../src/api/app';

const END_OF_HEAD = '\r\n\r\n';

/**
 * Asks an app through the HTTP server it runs behind, over a connection in memory: all of the server's part and none of the network's.
 * `app.request` would copy the body three times on its way out of a `Response`; the server does not.
 * @returns asks for a path; what comes back is as it was sent, in pieces that hold until the next question
 */
export function inMemoryHttp(api: Api, headers: Readonly<Record<string, string>>): (path: string) => Promise<readonly Buffer[]> {
  const server = createServer(getRequestListener(api.fetch));
  const head = Object.entries({ host: 'bench', connection: 'close', ...headers }).map(([name, value]) => `${name}: ${value}`);

  return async (path) => {
    const [client, connection] = duplexPair();
    const pieces: Buffer[] = [];
    client.on('data', (piece: Buffer) => pieces.push(piece));
    server.emit('connection', connection);
    client.write([`GET ${path} HTTP/1.1`, ...head, '', ''].join('\r\n'));
    await once(client, 'end');
    return pieces;
  };
}

/** @throws Error unless the answer is a 200 */
export function bodyOf(pieces: readonly Buffer[]): string {
  const answer = Buffer.concat(pieces).toString('utf8');
  if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error(`the query was answered ${answer.slice(0, answer.indexOf('\r\n'))}`);
  return answer.slice(answer.indexOf(END_OF_HEAD) + END_OF_HEAD.length);
}
