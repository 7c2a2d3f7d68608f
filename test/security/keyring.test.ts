import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createKeyring, parseKeys } from '../../src/security/keyring';

const key = (kid: string) => ({ kid, key: new Uint8Array(randomBytes(32)) });
const place = { collection: 'grants', id: 'c-1', field: 'refreshToken' };
const old = key('old');
const newer = key('new');

describe('keyring', () => {
  test('opens what it sealed, whatever the text', () => {
    const keyring = createKeyring([newer]);
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (plain) => keyring.open(keyring.seal(plain, place), place) === plain));
  });

  test.each([
    ['another document', { ...place, id: 'c-2' }],
    ['another field', { ...place, field: 'accessToken' }],
    ['another collection', { ...place, collection: 'webhook_endpoints' }],
  ])('a secret copied to %s does not open', (_, elsewhere) => {
    const keyring = createKeyring([newer]);
    const sealed = keyring.seal('token', place);
    expect(() => keyring.open(sealed, elsewhere)).toThrow();
  });

  test.each(['iv', 'ct', 'tag'] as const)('a secret whose %s was changed does not open', (part) => {
    const keyring = createKeyring([newer]);
    const sealed = keyring.seal('token', place);
    const bytes = Buffer.from(sealed[part], 'base64');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    expect(() => keyring.open({ ...sealed, [part]: bytes.toString('base64') }, place)).toThrow();
  });

  test('a shortened tag does not open', () => {
    const keyring = createKeyring([newer]);
    const sealed = keyring.seal('token', place);
    const tag = Buffer.from(sealed.tag, 'base64').subarray(0, 4).toString('base64');
    expect(() => keyring.open({ ...sealed, tag }, place)).toThrow();
  });

  test('secrets of an older key open beside a newer one, which seals', () => {
    const sealed = createKeyring([old]).seal('token', place);
    const rotated = createKeyring([newer, old]);
    expect(rotated.open(sealed, place)).toBe('token');
    expect(rotated.seal('token', place).kid).toBe('new');
    expect(() => createKeyring([newer]).open(sealed, place)).toThrow(/no encryption key old/);
  });

  test('the same text is never sealed the same way twice', () => {
    const keyring = createKeyring([newer]);
    expect(keyring.seal('token', place)).not.toEqual(keyring.seal('token', place));
  });

  test('each purpose has its own derived secret, none is the key', () => {
    const keyring = createKeyring([newer]);
    const [link, cursor] = [keyring.derive('link-token'), keyring.derive('cursor')];
    expect(link).toHaveLength(32);
    expect(link).not.toEqual(cursor);
    expect(link).not.toEqual(newer.key);
    expect(keyring.derive('link-token')).toEqual(link);
  });
});

describe('keys in the environment', () => {
  const encode = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');

  test('are read newest first', () => {
    expect(parseKeys(`new:${encode(newer.key)}, old:${encode(old.key)}`)).toEqual([newer, old]);
  });

  test.each([
    ['nothing', '', /<id>:<32 bytes in base64>/],
    ['no id', encode(old.key), /<id>:<32 bytes in base64>/],
    ['a short key', `k:${encode(randomBytes(16))}`, /16 bytes instead of 32/],
    ['a long key', `k:${encode(randomBytes(33))}`, /33 bytes/],
    ['a typed placeholder', `k:${encode('change-me-change-me-change-me-00')}`, /placeholder/],
    ['zeros', `k:${encode(new Uint8Array(32))}`, /placeholder/],
    ['one id twice', `k:${encode(old.key)},k:${encode(newer.key)}`, /same id/],
  ])('%s is refused', (_, text, message) => {
    expect(() => parseKeys(text)).toThrow(message);
  });

  test('a refused key is not repeated in the message', () => {
    const secret = encode(randomBytes(31));
    expect(() => parseKeys(`k:${secret}`)).toThrow(expect.not.objectContaining({ message: expect.stringContaining(secret) }));
  });
});
