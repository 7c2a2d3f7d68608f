import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createEgress, type Egress } from '../../src/webhooks/egress/egress';
import { createSender } from '../../src/webhooks/sender';
import { portOf } from '../egress/portOf';
import { aMessage, anEndpoint, keyring, PUBLIC_URL } from './samples';

const [HOSTILE, INSIDE] = ['127.0.0.2', '127.0.0.3'];
const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** An endpoint that does with each connection what no web server does. */
interface Hostile {
  readonly port: number;
  readonly connections: () => number;
  /** Once a connection is gone: how many bytes it had taken. */
  readonly cutOff: Promise<number>;
}

async function hostile(host: string, speak: (socket: Socket) => void): Promise<Hostile> {
  const sockets: Socket[] = [];
  let gone: (bytes: number) => void = () => undefined;
  const cutOff = new Promise<number>((resolve) => {
    gone = resolve;
  });
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).on('close', () => gone(socket.bytesWritten));
    socket.once('data', () => speak(socket));
  });
  server.listen(0, host);
  await once(server, 'listening');
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: portOf(server), connections: () => sockets.length, cutOff };
}

/** Writes the next piece as soon as the last one is out, until the other side has had enough. */
function forever(socket: Socket, piece: string | Buffer): void {
  while (socket.writable && socket.write(piece));
  if (socket.writable) socket.once('drain', () => forever(socket, piece));
}

/** Writes a piece every 20 ms, `first` before them. */
function drip(socket: Socket, piece: string, first = ''): void {
  socket.write(first);
  const dripping = setInterval(() => socket.write(piece), 20);
  socket.on('close', () => clearInterval(dripping));
}

const ours = (...hosts: readonly string[]): Egress => {
  const egress = createEgress(hosts);
  closing.push(() => egress.close());
  return egress;
};

const post = ({ port }: Hostile, timeoutMs: number, protocol = 'http') =>
  createSender({ keyring, egress: ours(HOSTILE), publicUrl: PUBLIC_URL }).post(
    anEndpoint({ url: `${protocol}://${HOSTILE}:${port}/hook` }),
    aMessage(),
    {
      timeoutMs,
    },
  );

const NOT_IN_TIME = { kind: 'failed', status: null, error: 'no answer in time' };

test.each([
  ['a status line that never ends', (socket: Socket) => drip(socket, 'O', 'HTTP/1.1 200 ')],
  ['headers that drip and never end', (socket: Socket) => drip(socket, 'x: y\r\n', 'HTTP/1.1 200 OK\r\n')],
  ['one interim answer after the other', (socket: Socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n')],
])('%s is waited for no longer than the post has, and the connection is given up', async (_, speak) => {
  const endpoint = await hostile(HOSTILE, speak);
  expect(await post(endpoint, 400)).toMatchObject(NOT_IN_TIME);
  await endpoint.cutOff;
});

test('a TLS handshake that never goes on is waited for no longer either', async () => {
  const endpoint = await hostile(HOSTILE, () => undefined);
  expect(await post(endpoint, 400, 'https')).toMatchObject(NOT_IN_TIME);
});

test('headers without end are cut off at 16 kB or so', async () => {
  const endpoint = await hostile(HOSTILE, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    forever(socket, `x: ${'y'.repeat(1_000)}\r\n`);
  });
  expect(await post(endpoint, 10_000)).toMatchObject({ kind: 'failed', status: null, error: 'UND_ERR_HEADERS_OVERFLOW' });
  await endpoint.cutOff;
});

test('a body that would unpack to a gigabyte is not unpacked, and no more of it is taken than of any other', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });
  const endpoint = await hostile(HOSTILE, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n');
    forever(socket, Buffer.concat([Buffer.from(`${bomb.length.toString(16)}\r\n`), bomb, Buffer.from('\r\n')]));
  });
  const before = process.memoryUsage().rss;
  expect(await post(endpoint, 10_000)).toMatchObject({ kind: 'accepted', status: 200 });
  expect(await endpoint.cutOff).toBeLessThan(8 * 1024 * 1024);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});

test.each([301, 302, 303, 307, 308])('a %i that leads inside is an answer like any other: nobody goes there', async (status) => {
  const inside = await hostile(INSIDE, (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
  const endpoint = await hostile(HOSTILE, (socket) =>
    socket.end(`HTTP/1.1 ${status} Over There\r\nlocation: http://${INSIDE}:${inside.port}/latest\r\ncontent-length: 0\r\n\r\n`),
  );
  expect(await post(endpoint, 5_000)).toMatchObject({ kind: 'failed', status, error: `HTTP ${status}` });
  expect(inside.connections()).toBe(0);
});

test.each([
  ['two answers at once', 'HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', 500],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.7\r\n', null],
  ['a status that is none', 'HTTP/1.1 20x OK\r\n\r\n', null],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', null],
])('%s is not taken for an acceptance', async (_, bytes, status) => {
  const endpoint = await hostile(HOSTILE, (socket) => socket.end(bytes));
  expect(await post(endpoint, 5_000)).toMatchObject({ kind: 'failed', status });
});
