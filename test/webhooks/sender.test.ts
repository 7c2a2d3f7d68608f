import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook } from 'svix';
import { catalogue } from '../../src/webhooks/catalogue';
import { sealHeaders } from '../../src/webhooks/customHeaders';
import { createEgress } from '../../src/webhooks/egress/egress';
import { excerptOf } from '../../src/webhooks/excerpt';
import { secretPlace } from '../../src/webhooks/sealedPlaces';
import { createSender, type Sender } from '../../src/webhooks/sender';
import { newSecret } from '../../src/webhooks/signature';
import { type Receiver, startReceiver, withStatus } from './receiver';
import { aMessage, anEndpoint, keyring, PUBLIC_URL, SECRET } from './samples';

describe('one post', () => {
  let receiver: Receiver;
  let sender: Sender;
  const message = aMessage();
  const closing: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    receiver = await startReceiver();
    sender = senderTo(receiver.host);
    closing.push(() => receiver.close());
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  const post = (url = receiver.url, timeoutMs = 10_000, signal?: AbortSignal) =>
    sender.post(anEndpoint({ url }), message, { timeoutMs, ...(signal && { signal }) });

  test('carries the message’s body and id, signed for its endpoint', async () => {
    expect(await post()).toMatchObject({ kind: 'accepted', status: 204 });
    const [request] = receiver.received;
    expect(request).toMatchObject({ method: 'POST', path: '/hook', id: message._id, body: message.body });
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': message._id });
    expect(() => new Webhook(SECRET).verify(request?.body ?? '', headersOf(request?.headers))).not.toThrow();
  });

  test.each([301, 302, 307, 308, 400, 401, 404, 410, 429, 500, 503])('answered by %i is not taken', async (status) => {
    receiver.answer(withStatus(status, { location: `${receiver.url}/elsewhere` }));
    expect(await post()).toMatchObject({ kind: 'failed', status, error: `HTTP ${status}` });
  });

  test('does not follow a redirect', async () => {
    receiver.answer(withStatus(307, { location: `${receiver.url}/elsewhere` }));
    await post();
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
  });

  test('gives up on an endpoint that does not answer in its time', async () => {
    receiver.answer(() => undefined);
    expect(await post(receiver.url, 300)).toMatchObject({ kind: 'failed', status: null, error: 'no answer in time' });
  });

  test('that is stopped ends at once', async () => {
    receiver.answer(() => undefined);
    const stop = new AbortController();
    const posting = post(receiver.url, 100_000, stop.signal);
    setTimeout(() => stop.abort(), 100);
    expect(await posting).toMatchObject({ kind: 'failed', status: null });
  });

  test('is taken by its status, however long the body that follows: 4 kB of it are read', async () => {
    let sent = 0;
    let cut = false;
    receiver.answer((response) => {
      response.writeHead(200);
      const pump = setInterval(() => {
        sent += 64 * 1024;
        response.write(Buffer.alloc(64 * 1024, 'x'));
      }, 5);
      response.on('close', () => {
        cut = true;
        clearInterval(pump);
      });
    });
    expect(await post()).toMatchObject({ kind: 'accepted', status: 200 });
    await until(() => cut);
    expect(sent).toBeLessThan(10 * 1024 * 1024);
  });

  test('is taken by its status, however slowly the body drips', async () => {
    let cut = false;
    receiver.answer((response) => {
      response.writeHead(200).write('a');
      const drip = setInterval(() => response.write('a'), 100);
      response.on('close', () => {
        cut = true;
        clearInterval(drip);
      });
    });
    expect(await post()).toMatchObject({ kind: 'accepted', status: 200 });
    await until(() => cut);
  });

  test('calls a refusal by its status, and keeps what the other side has said apart', async () => {
    receiver.answer((response) => response.writeHead(500).end('whsec_leaked: column does not exist'));
    const { excerpt, ...told } = { excerpt: null, ...(await post(`${receiver.url}?token=hunter2`)) };
    expect(JSON.stringify(told)).not.toMatch(/leaked|column|hunter2/);
    expect(excerpt).toBe('[…] column does not exist');
    await receiver.close();
    expect(JSON.stringify(await post(`${receiver.url}?token=hunter2`))).not.toMatch(/hunter2/);
  });

  test.each([
    ['seconds', () => '7', 7_000],
    ['a date', () => new Date(Date.now() + 60_000).toUTCString(), 60_000],
    ['a date gone by', () => 'Wed, 21 Oct 2015 07:28:00 GMT', 0],
    ['nonsense', () => 'soon', null],
  ])('hands on a Retry-After of %s', async (_, header, expected) => {
    receiver.answer(withStatus(503, { 'retry-after': header() }));
    const outcome = await post();
    const asked = outcome.kind === 'failed' ? outcome.retryAfterMs : undefined;
    if (expected === null) expect(asked).toBeNull();
    else expect(Math.abs((asked ?? Number.NaN) - expected)).toBeLessThanOrEqual(3_000);
  });

  test('to a closed port or a server that hangs up is a failure with its code', async () => {
    await receiver.close();
    expect(await post()).toMatchObject({ kind: 'failed', status: null, error: 'ECONNREFUSED' });

    const rude = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => rude.close(resolve)));
    const host = `127.0.0.1:${(rude.address() as AddressInfo).port}`;
    sender = senderTo(host);
    expect(await post(`http://${host}/`)).toMatchObject({ kind: 'failed', status: null });
  });

  test('is refused again at each delivery, whatever was registered', async () => {
    sender = senderTo();
    expect(await post()).toMatchObject({ kind: 'failed', error: expect.stringContaining('not an https URL') });
    expect(await post('https://127.0.0.1:1/')).toMatchObject({
      kind: 'failed',
      error: expect.stringContaining('outside the public internet'),
    });
    expect(receiver.received).toHaveLength(0);
  });

  test('does not connect where a public-looking name leads to a private address', async () => {
    let connected = 0;
    const inside = createServer((socket) => {
      connected++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => inside.close(resolve)));
    const { port } = inside.address() as AddressInfo;
    const egress = createEgress([], { ports: [port] });
    closing.push(() => egress.close());
    sender = createSender({ keyring, egress, publicUrl: PUBLIC_URL });
    expect(await post(`https://localhost:${port}/`)).toMatchObject({
      kind: 'failed',
      error: expect.stringContaining('outside the public internet'),
    });
    expect(connected).toBe(0);
  });

  test('of an endpoint whose secret was rotated is verified with either, until the former one’s time is over', async () => {
    const { _id, ...rest } = anEndpoint({ url: receiver.url });
    const next = newSecret();
    const sealed = (text: string) => keyring.seal(text, secretPlace(_id));
    const former = (until: number) => [{ secret: sealed(SECRET), until }];
    const rotated = { _id, ...rest, secret: sealed(next) };
    await sender.post({ ...rotated, formerSecrets: former(Date.now() + 60_000) }, message, { timeoutMs: 10_000 });
    await sender.post({ ...rotated, formerSecrets: former(Date.now() - 1) }, message, { timeoutMs: 10_000 });

    const verifies = (n: number, secret: string, Library: typeof Webhook | typeof StandardWebhook) => {
      const { body, headers } = receiver.received[n] ?? { body: '', headers: {} };
      try {
        new Library(secret).verify(body, headersOf(headers));
        return true;
      } catch {
        return false;
      }
    };
    for (const Library of [Webhook, StandardWebhook]) {
      expect([verifies(0, next, Library), verifies(0, SECRET, Library)]).toEqual([true, true]);
      expect([verifies(1, next, Library), verifies(1, SECRET, Library)]).toEqual([true, false]);
    }
  });

  test('carries its owner’s own headers, none of them in place of ours, and keeps no value that is echoed', async () => {
    const endpoint = anEndpoint({ url: receiver.url });
    // Not by the API, which refuses the latter two.
    const own = { 'x-api-key': 'open sesame', 'content-type': 'text/html', 'webhook-id': 'theirs' };
    receiver.answer((response, { headers }) => response.writeHead(403).end(`no key like ${headers['x-api-key']}`));
    const headers = sealHeaders(keyring, endpoint._id, own);
    expect(await sender.post({ ...endpoint, headers }, message, { timeoutMs: 10_000 })).toMatchObject({ excerpt: 'no key like […]' });
    expect(receiver.received[0]?.headers).toMatchObject({
      'x-api-key': 'open sesame',
      'content-type': 'application/json',
      'webhook-id': message._id,
    });
  });

  test('of a thin endpoint has the ids and a link, signed as it is sent, and nothing else of what an event of any type tells', async () => {
    const thin = anEndpoint({ url: receiver.url, payload: 'thin' });
    for (const { type, example } of catalogue) {
      const told = aMessage({ type, body: JSON.stringify(example) });
      await sender.post(thin, told, { timeoutMs: 10_000 });
      const { body, headers } = receiver.received.at(-1) ?? { body: '', headers: {} };
      expect(() => new Webhook(SECRET).verify(body, headersOf(headers))).not.toThrow();
      const sent = JSON.parse(body);
      expect(sent).toMatchObject({ event_type: type, data: { link: `${PUBLIC_URL}/v2/events/${told._id}` } });
      const names = [...Object.keys(sent), ...Object.keys(sent.data)];
      const allowed = ['event_type', 'user_id', 'client_user_id', 'team_id', 'sequence', 'data', 'connection_id', 'endpoint_id', 'link'];
      expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
    }
  });

  test('of an endpoint whose secret cannot be opened fails, and says which key is missing', async () => {
    const endpoint = { ...anEndpoint({ url: receiver.url }), secret: { ...anEndpoint({}).secret, kid: 'lost' } };
    const outcome = await sender.post(endpoint, message, { timeoutMs: 1_000 });
    expect(outcome).toMatchObject({ kind: 'failed', error: expect.stringContaining('no encryption key lost') });
    expect(receiver.received).toHaveLength(0);
  });

  function senderTo(...allowed: string[]): Sender {
    const egress = createEgress(allowed);
    closing.push(() => egress.close());
    return createSender({ keyring, egress, publicUrl: PUBLIC_URL });
  }
});

const headersOf = (headers: object | undefined) =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('what is kept of what an endpoint has said', () => {
  const sent = JSON.stringify({ user_id: 'a-user', client_user_id: 'Ada Lovelace', team_id: 'a-team', data: { value: 5.5 } });

  test.each([
    ['words', 'Error: column does_not_exist of relation "glucose"', 'Error: column does_not_exist of relation "glucose"'],
    ['no value or time', '{"value":5.5,"at":"2026-01-01T00:00:00Z"}', '{"value":#.#,"at":"####-##-##T##:##:##Z"}'],
    ['no name of the message’s', 'no such patient: Ada Lovelace (a-user)', 'no such patient: […] ([…])'],
    ['no e-mail address', 'write to ada@example.com', 'write to […]'],
    ['no id', 'record 2f6a1c7e-8d0b-4a53-9e1f-0c4d5b6a7e8f', 'record […]'],
    ['no secret', 'Authorization: Bearer abc, whsec_short, key=abcdefghijKLMNOPqrstuvwxyz', 'Authorization: […] […] […]'],
    ['nothing that is no text', 'a\u0000b\u001b[31m', 'a b [##m'],
  ])('%s', (_, said, expected) => {
    expect(excerptOf(said, sent)).toBe(expected);
  });

  test.each([
    ['as it is', 'no such patient: Zoë "D\\\'Arc/å 😀"'],
    ['in the other case', 'no such patient: ZOË "D\\\'ARC/Å 😀"'],
    ['as JSON writes it', JSON.stringify('no such patient: Zoë "D\\\'Arc/å 😀"').slice(1, -1)],
    ['as JSON in ASCII writes it', 'no such patient: Zo\\u00eb \\"D\\\\\'Arc\\/\\u00E5 \\ud83d\\ude00\\"'],
    ['as JSON in ASCII writes it in the other case', 'no such patient: ZO\\u00cb \\"D\\\\\'ARC\\/\\u00C5 \\ud83d\\ude00\\"'],
    ['as a URL writes it', `no such patient: ${encodeURIComponent('Zoë "D\\\'Arc/å 😀"')}`],
    ['as a form writes it', `no such patient: ${new URLSearchParams({ a: 'Zoë "D\\\'Arc/å 😀"' }).toString().slice(2)}`],
  ])('no name of the message’s, %s', (_, said) => {
    const named = JSON.stringify({ client_user_id: 'Zoë "D\\\'Arc/å 😀"' });
    expect(excerptOf(said, named)).toBe('no such patient: […]');
  });

  test.each(['a', '\\\\', ' +', 'u0075'])('a name of many %s that is almost said is looked for in no time', (part) => {
    expect(excerptOf(part.repeat(800), JSON.stringify({ client_user_id: `${part.repeat(100)}~` }))).not.toBeNull();
  });

  test.each([
    ['long', ['Bearer '.padEnd(4_096, 'abcdefg-')]],
    ['many', Array.from({ length: 50 }, (_, n) => `Bearer ${'hijklmn-'.repeat(14)}${n}`)],
  ])('no header of its owner’s, however %s they are, nor the beginning of one at the end of what is kept', (_, secrets) => {
    for (let n = 0; n < 20; n++) {
      expect(excerptOf(`refused: ${secrets[0]?.toUpperCase()}`, sent, secrets)).toBe('refused: […]');
      expect(excerptOf(`refused: ${secrets[0]?.slice(0, 100)}`, sent, secrets)).toBe('refused: […]');
      expect(excerptOf('a'.repeat(4_096), sent, secrets)).toBe('a'.repeat(4_096));
    }
  });

  test('no name that looks like an escape itself, nor one that is escaped badly around', () => {
    const named = JSON.stringify({ client_user_id: '100%41x' });
    for (const said of ['100%41x', '100%41X', '100%2541x', '100Ax']) expect(excerptOf(`${said}.`, named)).toBe('[…].');
    expect(excerptOf('%ff%fe%E4%41da%20Lovelace%', sent)).toBe('%ff%fe%E#[…]%');
    expect(excerptOf('\\ada lovelace\\\\', sent)).toBe('[…]\\\\');
  });

  test('nothing of nothing, and 4 kB of the rest', () => {
    expect(excerptOf(' \n', sent)).toBeNull();
    expect(excerptOf('word '.repeat(10_000), sent)?.length).toBeLessThanOrEqual(4_096);
    expect(excerptOf('said', 'not json')).toBe('said');
  });

  test('no digit, whatever is said', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (said) => expect(excerptOf(said, sent) ?? '').not.toMatch(/\d/)));
  });
});
