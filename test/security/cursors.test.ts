import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { z } from 'zod';
import { createCursors } from '../../src/security/cursors';
import { createKeyring } from '../../src/security/keyring';

const key = (kid: string) => ({ kid, key: new Uint8Array(randomBytes(32)) });
const [first, second] = [key('k1'), key('k2')];
const Position = z.object({ at: z.number(), userId: z.string() });
const cursors = createCursors(createKeyring([first]), 'glucose', Position);
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('a cursor', () => {
  test('opens as it was sealed, also after a rotation of the keys', () => {
    const rotated = createCursors(createKeyring([second, first]), 'glucose', Position);
    fc.assert(
      fc.property(fc.record({ at: fc.integer(), userId: fc.string() }), (position) => {
        expect(cursors.open(cursors.seal(position))).toEqual(position);
        expect(rotated.open(cursors.seal(position))).toEqual(position);
      }),
    );
  });

  test('opens nowhere once any bit of it is changed', () => {
    const sealed = Buffer.from(cursors.seal({ at: 5, userId: 'u' }), 'base64url');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: sealed.length * 8 - 1 }), (bit) => {
        const changed = Buffer.from(sealed);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(cursors.open(changed.toString('base64url'))).toBeNull();
      }),
    );
  });

  test('opens nowhere once any character of it is replaced', () => {
    for (const position of [5, 55, 555].map((at) => ({ at, userId: 'u' }))) {
      const sealed = cursors.seal(position);
      const changed = [...sealed].flatMap((character, at) =>
        [...`${BASE64URL}+/=! `].filter((other) => other !== character).map((other) => sealed.slice(0, at) + other + sealed.slice(at + 1)),
      );
      expect(changed.filter((text) => cursors.open(text))).toEqual([]);
    }
  });

  test.each(['!', '=', '==', ' ', '\n', 'A', '.', '\u0000'])('opens nowhere with %j put to it', (more) => {
    const sealed = cursors.seal({ at: 5, userId: 'u' });
    const longer = [sealed + more, more + sealed, sealed.slice(0, 9) + more + sealed.slice(9)];
    expect(longer.filter((text) => cursors.open(text))).toEqual([]);
  });

  test('of one list opens in no other', () => {
    const users = createCursors(createKeyring([first]), 'users', Position);
    expect(users.open(cursors.seal({ at: 5, userId: 'u' }))).toBeNull();
  });

  test.each(['', 'x', 'null', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])('is not %p', (text) => {
    expect(cursors.open(text)).toBeNull();
  });

  test('of an older shape does not open', () => {
    const before = createCursors(createKeyring([first]), 'glucose', z.object({ at: z.number() }));
    expect(cursors.open(before.seal({ at: 5 }))).toBeNull();
  });
});
