import fc from 'fast-check';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { isSecret, newSecret, signatureHeaders } from '../../src/webhooks/signature';

const secret = newSecret();
const message = { id: 'msg_1', at: Date.now(), body: '{"event_type":"daily.data.glucose.created","data":{"note":"5,5 mmol/L – ok"}}' };
const signed = signatureHeaders([secret], message);

const only = (prefix: string) => Object.fromEntries(Object.entries(signed).filter(([name]) => name.startsWith(prefix)));

describe('a signed message', () => {
  test.each([
    ['svix, by its own headers', new SvixWebhook(secret), only('svix-')],
    ['svix, by the standard headers', new SvixWebhook(secret), only('webhook-')],
    ['standardwebhooks', new StandardWebhook(secret), only('webhook-')],
    ['standardwebhooks, with both families there', new StandardWebhook(secret), signed],
  ])('is verified by %s', (_, library, headers) => {
    expect(library.verify(message.body, headers)).toEqual(JSON.parse(message.body));
  });

  test.each([
    ['a changed body', message.body.replace('5,5', '9,9'), signed],
    ['another id', message.body, { ...signed, 'svix-id': 'msg_2', 'webhook-id': 'msg_2' }],
    ['a later timestamp', message.body, { ...signed, ...laterBy(60) }],
  ])('is refused with %s', (_, body, headers) => {
    expect(() => new SvixWebhook(secret).verify(body, headers)).toThrow();
    expect(() => new StandardWebhook(secret).verify(body, headers)).toThrow();
  });

  test('is refused under another secret', () => {
    expect(() => new SvixWebhook(newSecret()).verify(message.body, signed)).toThrow();
  });

  test('is refused when it is replayed six minutes later', () => {
    const old = signatureHeaders([secret], { ...message, at: Date.now() - 6 * 60_000 });
    expect(() => new StandardWebhook(secret).verify(message.body, old)).toThrow();
  });

  test('of a rotation is verified by the former secret and by the new one, under either family of headers, and by no third', () => {
    const next = newSecret();
    const both = signatureHeaders([next, secret], message);
    const svixOnly = Object.fromEntries(Object.entries(both).filter(([name]) => name.startsWith('svix-')));
    for (const known of [secret, next]) {
      expect(() => new SvixWebhook(known).verify(message.body, svixOnly)).not.toThrow();
      expect(() => new StandardWebhook(known).verify(message.body, both)).not.toThrow();
    }
    expect(() => new SvixWebhook(newSecret()).verify(message.body, svixOnly)).toThrow();
  });

  test('is verified whatever its body holds', () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        expect(new StandardWebhook(secret).verify(body, signatureHeaders([secret], { ...message, body }))).toEqual(JSON.parse(body));
      }),
    );
  });
});

test.each([
  ['one of ours', newSecret(), true],
  ['24 bytes', `whsec_${Buffer.alloc(24, 7).toString('base64')}`, true],
  ['too few bytes', `whsec_${Buffer.alloc(23, 7).toString('base64')}`, false],
  ['too many', `whsec_${Buffer.alloc(65, 7).toString('base64')}`, false],
  ['no prefix', Buffer.alloc(32, 7).toString('base64'), false],
  ['no base64', 'whsec_not base64 at all, not even close to it', false],
  ['nothing', '', false],
])('a secret of %s is known for what it is', (_, text, expected) => {
  expect(isSecret(text)).toBe(expected);
});

test('a secret of ours is `whsec_` and 32 bytes that are never the same', () => {
  const secrets = Array.from({ length: 100 }, newSecret);
  expect(new Set(secrets).size).toBe(100);
  for (const one of secrets) expect(Buffer.from(one.replace(/^whsec_/, ''), 'base64')).toHaveLength(32);
});

function laterBy(seconds: number) {
  const timestamp = String(Number(signed['svix-timestamp']) + seconds);
  return { 'svix-timestamp': timestamp, 'webhook-timestamp': timestamp };
}
