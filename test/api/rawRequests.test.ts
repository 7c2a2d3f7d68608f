import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ApiWorld, openApiWorld } from './apiWorld';

let world: ApiWorld;

beforeAll(async () => {
  world = await openApiWorld();
});
afterAll(() => world?.close());

interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** Sends lines as they are, which no HTTP client would. */
async function sendRaw(...lines: readonly string[]): Promise<RawAnswer> {
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'));
  const answer = await text(socket);
  const [headers = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(headers.split(' ')[1]), headers, body };
}

describe('a request that no client of HTTP sends', () => {
  test.each([
    ['without a host', ['GET /healthz HTTP/1.1'], 400],
    ['with a host that is none', ['GET /healthz HTTP/1.1', 'Host: a b/c'], 400],
    ['with a host and something behind it', ['GET /healthz HTTP/1.1', 'Host: continuo.example/healthz?'], 400],
    ['about the whole server', ['OPTIONS * HTTP/1.1', 'Host: localhost'], 400],
    ['with a backslash in its path', ['GET /v2\\user HTTP/1.1', 'Host: localhost'], 400],
    ['that expects something', ['POST /v2/user HTTP/1.1', 'Host: localhost', 'Content-Length: 0', 'Expect: something'], 417],
  ])('(%s) is refused like any other: in JSON, and with the request id of its log line', async (_, lines, status) => {
    const answer = await sendRaw(...lines);
    expect(answer).toMatchObject({ status, headers: expect.stringMatching(/^content-type: application\/json/im) });
    expect(answer.headers).toMatch(/^cache-control: no-store/im);
    expect(JSON.parse(answer.body)).toEqual({ detail: expect.stringMatching(/^.{20,}$/) });

    const id = /^x-request-id: (\S+)/im.exec(answer.headers)?.[1];
    expect(world.logged()).toContain(id ?? 'no request id');
  });

  test('is served where HTTP/1.0 asks without a host whether the engine is up, as load balancers do', async () => {
    expect(await sendRaw('GET /healthz HTTP/1.0')).toMatchObject({ status: 200, headers: expect.stringMatching(/^x-request-id: /im) });
  });

  test('is served where it waits to be told to go on with its body', async () => {
    const lines = ['DELETE /v2/nothing HTTP/1.1', 'Host: localhost', 'Content-Length: 0', 'Expect: 100-continue'];
    const { headers, body } = await sendRaw(...lines);
    expect([headers, body]).toEqual(['HTTP/1.1 100 Continue', expect.stringContaining('HTTP/1.1 404')]);
  });
});
