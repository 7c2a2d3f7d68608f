import { once } from 'node:events';
import { createServer } from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { PageBuffers } from '../../src/api/routes/glucose/pageBuffers';

const PAGE_BYTES = 2_500_000;

/** Pages full of the letter asked for, over connections in memory, whose client takes them when it likes. */
function letterServer() {
  const buffers = new PageBuffers();
  const memory = new Set<ArrayBuffer>();
  const app = new Hono<{ Bindings: HttpBindings }>().get('/:bytes/:letter', (c) => {
    const bytes = Number(c.req.param('bytes'));
    const page = buffers.take(bytes, c.env.outgoing).subarray(0, bytes);
    memory.add(page.buffer);
    return c.body(page.fill(c.req.param('letter').charCodeAt(0)));
  });
  const server = createServer(getRequestListener(app.fetch));

  function ask(letter: string, bytes = PAGE_BYTES): Duplex {
    const [client, connection] = duplexPair();
    server.emit('connection', connection);
    client.write(`GET /${bytes}/${letter} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n`);
    return client;
  }
  return { ask, memory };
}

/** @returns the letters of its body, each once */
async function lettersOf(client: Duplex): Promise<string> {
  const pieces: string[] = [];
  client.on('data', (piece: Buffer) => pieces.push(piece.toString('latin1')));
  await once(client, 'end');
  const body = pieces.join('').split('\r\n\r\n')[1] ?? '';
  expect(body).toHaveLength(PAGE_BYTES);
  return [...new Set(body)].join('');
}

test('an answer that is not taken yet is not written over by later ones', async () => {
  const { ask } = letterServer();
  const slow = ask('a');
  await once(slow, 'readable');
  for (const letter of 'bcd') expect(await lettersOf(ask(letter))).toBe(letter);
  expect(await lettersOf(slow)).toBe('a');
});

test('the memory of answers that are sent is used again', async () => {
  const { ask, memory } = letterServer();
  for (const letter of 'abcd') await lettersOf(ask(letter));
  expect(memory.size).toBe(1);
});

test('a client that goes away leaves no answer to somebody else', async () => {
  const { ask } = letterServer();
  const gone = ask('a');
  await once(gone, 'readable');
  gone.destroy();
  for (const letter of 'bc') expect(await lettersOf(ask(letter))).toBe(letter);
});

test('a short answer keeps no long buffer', async () => {
  const { ask, memory } = letterServer();
  await once(ask('a', 1_000), 'readable');
  expect([...memory].map(({ byteLength }) => byteLength)).toEqual([1_000]);
});
