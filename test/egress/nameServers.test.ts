import { createSocket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { nameServers } from '../../src/egress/nameServers';
import { createEgress } from '../../src/webhooks/egress/egress';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const [A, AAAA] = [1, 28];
const HEADER_BYTES = 12;

/** What is known of a name, by type; no name, no answer. */
type Zone = Readonly<Record<string, Readonly<Record<number, readonly Buffer[]>>>>;

/** @returns where it listens, and the names it was asked for */
async function nameServer(zone: Zone): Promise<{ readonly at: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (question, { port, address }) => {
    const labels: string[] = [];
    let end = HEADER_BYTES;
    for (let length = question[end] ?? 0; length > 0; length = question[end] ?? 0) {
      labels.push(question.toString('latin1', end + 1, end + 1 + length));
      end += length + 1;
    }
    const name = labels.join('.');
    asked.push(name);
    const known = zone[name]?.[question.readUInt16BE(end + 1)];
    if (!known) return;

    const header = Buffer.alloc(HEADER_BYTES);
    header.set(question.subarray(0, 2));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(known.length, 6);
    const type = question.subarray(end + 1, end + 3);
    const answers = known.map((data) =>
      Buffer.concat([Buffer.from([0xc0, HEADER_BYTES]), type, Buffer.from([0, 1, 0, 0, 0, 60, 0, data.length]), data]),
    );
    socket.send(Buffer.concat([header, question.subarray(HEADER_BYTES, end + 5), ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closing.push(() => new Promise<void>((resolve) => socket.close(resolve)));
  return { at: `127.0.0.1:${socket.address().port}`, asked };
}

const ask = (name: string, at: string): Promise<readonly LookupAddress[]> =>
  new Promise((resolve, reject) =>
    nameServers([at])(name, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses))),
  );

const IPV4 = Buffer.from([8, 8, 4, 4]);
const IPV6 = Buffer.from('26064700000000000000000000001111', 'hex');

test('a name has all of its addresses, of either family or of one', async () => {
  const { at } = await nameServer({
    'both.example': { [A]: [IPV4, Buffer.from([10, 0, 0, 1])], [AAAA]: [IPV6] },
    'old.example': { [A]: [IPV4], [AAAA]: [] },
    'new.example': { [A]: [], [AAAA]: [IPV6] },
  });
  expect((await ask('both.example', at)).map(({ address, family }) => [address, family])).toEqual([
    ['8.8.4.4', 4],
    ['10.0.0.1', 4],
    ['2606:4700::1111', 6],
  ]);
  expect(await ask('old.example', at)).toEqual([{ address: '8.8.4.4', family: 4 }]);
  expect(await ask('new.example', at)).toEqual([{ address: '2606:4700::1111', family: 6 }]);
});

test('names whose name servers are silent hold nobody else up, however many: neither other names nor files', async () => {
  const { at, asked } = await nameServer({ 'quick.example': { [A]: [IPV4], [AAAA]: [] } });
  let ended = 0;
  for (let n = 0; n < 16; n++) ask(`silent${n}.example`, at).catch(() => ended++);
  await ask('quick.example', at);
  await readFile(__filename);
  expect(ended).toBe(0);
  expect(new Set(asked).size).toBe(17);
});

test('this machine’s own name is asked of nobody, and an address is one', async () => {
  const { at, asked } = await nameServer({});
  for (const name of ['localhost', 'a.localhost', 'LOCALHOST.'])
    expect((await ask(name, at)).map(({ address }) => address)).toEqual(['127.0.0.1', '::1']);
  expect(await ask('::1', at)).toEqual([{ address: '::1', family: 6 }]);
  expect(asked).toEqual([]);
});

test('webhooks’ names are not looked up on the threads that all look-ups share', async () => {
  const egress = createEgress([]);
  closing.push(() => egress.close());
  const checked = egress.check('https://nowhere.invalid/hook');
  expect(process.getActiveResourcesInfo()).not.toContain('GetAddrInfoReqWrap');
  await checked;
});
