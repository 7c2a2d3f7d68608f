import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { Agent, request } from 'undici';
import { DexcomHttp } from '../../src/dexcom/http';
import { DEXCOM_URLS } from '../../src/dexcom/region';
import { checkedLookup, publicLookup, type Resolve } from '../../src/egress/checkedLookup';
import { createEgress } from '../../src/webhooks/egress/egress';
import { createSender } from '../../src/webhooks/sender';
import { aMessage, anEndpoint, keyring, PUBLIC_URL } from '../webhooks/samples';
import { portOf } from './portOf';

const NAME = 'hooks.example';
const [GOOD, BAD] = ['127.0.0.2', '127.0.0.3'];
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A resolver whose owner answers each question with the next of `answers`, then goes on with the last. */
function rebinding(...answers: readonly (readonly string[])[]): Resolve {
  let asked = 0;
  return (_, __, found) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    found(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

async function listening<Some extends Server>(server: Some, host: string, port = 0): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return portOf(server);
}

/** Only `GOOD` may be reached. */
function agentOf(resolve: Resolve): Agent {
  const agent = new Agent({ connect: { lookup: checkedLookup((address) => address === GOOD, resolve) } });
  closing.push(() => agent.destroy());
  return agent;
}

/** Counts who knocks at the address that nobody may reach. */
async function trap(wanted = 0): Promise<{ readonly port: number; readonly knocks: () => number }> {
  let knocks = 0;
  const port = await listening(
    createServer((socket) => {
      knocks++;
      socket.destroy();
    }),
    BAD,
    wanted,
  );
  return { port, knocks: () => knocks };
}

test('a connection goes to the address that was checked and keeps the name as its Host; the next one is checked anew', async () => {
  const hosts: (string | undefined)[] = [];
  const server = createHttpServer((asked, answer) => {
    hosts.push(asked.headers.host);
    answer.setHeader('connection', 'close').end();
  });
  const port = await listening(server, GOOD);
  const { knocks } = await trap(port);
  const dispatcher = agentOf(rebinding([GOOD], [BAD]));

  const first = await request(`http://${NAME}:${port}/`, { dispatcher });
  await first.body.dump();
  await expect(request(`http://${NAME}:${port}/`, { dispatcher })).rejects.toThrow('outside the public internet');
  expect(hosts).toEqual([`${NAME}:${port}`]);
  expect(knocks()).toBe(0);
});

test('one address among several that may not be reached is enough to reach none', async () => {
  const port = await listening(createHttpServer(), GOOD);
  const { knocks } = await trap(port);
  const dispatcher = agentOf(rebinding([GOOD, BAD]));
  await expect(request(`http://${NAME}:${port}/`, { dispatcher })).rejects.toThrow('outside the public internet');
  expect(knocks()).toBe(0);
});

test('TLS is begun with the name, not with the address', async () => {
  let hello: (text: string) => void;
  const said = new Promise<string>((resolve) => {
    hello = resolve;
  });
  const server = createServer((socket) => {
    socket.once('data', (bytes) => {
      hello(bytes.toString('latin1'));
      socket.destroy();
    });
  });
  const port = await listening(server, GOOD);
  const dispatcher = agentOf(rebinding([GOOD]));
  await expect(request(`https://${NAME}:${port}/`, { dispatcher })).rejects.toThrow();
  expect(await said).toContain(NAME);
});

test('a webhook whose name was public when it was registered and leads inside now is not posted, by any of its addresses', async () => {
  const { knocks, port } = await trap();
  const inside = [[BAD], [`::ffff:${BAD}`], ['8.8.8.8', BAD]];
  const egress = createEgress([], { ports: [port], resolve: rebinding(['8.8.8.8'], ...inside) });
  closing.push(() => egress.close());
  const url = `https://${NAME}:${port}/`;
  await egress.check(url);

  const sender = createSender({ keyring, egress, publicUrl: PUBLIC_URL });
  for (const _ of inside) {
    const outcome = await sender.post(anEndpoint({ url }), aMessage(), { timeoutMs: 5_000 });
    expect(outcome).toMatchObject({ kind: 'failed', status: null, error: expect.stringContaining('outside the public internet') });
  }
  expect(knocks()).toBe(0);
});

test('a name without an address is an error of the resolver, not a refusal', async () => {
  const found = await new Promise((resolve) => publicLookup(rebinding([]))(NAME, { all: true }, resolve));
  expect(found).toMatchObject({ message: `${NAME} has no address` });
});

test.each(Object.values(DEXCOM_URLS))('%s is not called where its name leads inside; an address of the operator’s is', async (baseUrl) => {
  const port = await listening(
    createHttpServer((_, answer) => answer.end('{}')),
    GOOD,
  );
  const calls = [baseUrl, `http://${GOOD}:${port}`].map(async (url) => {
    const http = new DexcomHttp(url, 5_000, rebinding([BAD]));
    closing.push(() => http.close());
    return http.call({ name: 'dataRange', turn: { kind: 'token' }, method: 'GET', path: '/', headers: {} });
  });
  await expect(calls[0]).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('EGRESS_REFUSED') });
  expect(await calls[1]).toMatchObject({ status: 200, text: '{}' });
});
