import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { createKeyring, type EncryptionKey } from '../../src/security/keyring';
import { createLinkTokens } from '../../src/security/linkTokens';

const key = (kid: string): EncryptionKey => ({ kid, key: new Uint8Array(randomBytes(32)) });
const [first, second] = [key('k1'), key('k2')];
const AUDIENCE = 'https://engine.example/v2/link';
const tokens = createLinkTokens(createKeyring([first]), AUDIENCE);
const token = { sessionId: 's-1', teamId: 't-1', userId: 'u-1', expiresAt: Date.UTC(2030, 0, 1), path: {} };

describe('a link token', () => {
  test('comes back as it was issued', async () => {
    expect(await tokens.verify(await tokens.issue(token))).toEqual(token);
  });

  test('is told when it has expired: what became of its session stays true', async () => {
    const old = { ...token, expiresAt: Date.UTC(2020, 0, 1) };
    expect(await tokens.verify(await tokens.issue(old))).toEqual(old);
  });

  test('outlives a rotation of the encryption keys', async () => {
    const rotated = createLinkTokens(createKeyring([second, first]), AUDIENCE);
    expect(await rotated.verify(await tokens.issue(token))).toEqual(token);
    expect(await tokens.verify(await rotated.issue(token))).toBeNull();
  });

  test.each([
    ['nothing', async () => ''],
    ['text', async () => 'not-a-token'],
    ['one with a letter changed', async () => (await tokens.issue(token)).replace(/.(?=[^.]*$)/, (c) => (c === 'A' ? 'B' : 'A'))],
    ['one of another engine', () => createLinkTokens(createKeyring([second]), AUDIENCE).issue(token)],
    ['one for another audience', () => createLinkTokens(createKeyring([first]), 'https://other.example/v2/link').issue(token)],
    ['an unsigned one', async () => unsigned(await tokens.issue(token))],
    ['one signed for another purpose', () => signedFor('cursor/glucose')],
  ])('is not %s', async (_, forge) => {
    expect(await tokens.verify(await forge())).toBeNull();
  });
});

const unsigned = (jwt: string): string => [Buffer.from('{"alg":"none"}').toString('base64url'), jwt.split('.')[1] ?? '', ''].join('.');

const signedFor = (purpose: string): Promise<string> =>
  new SignJWT({ team_id: 't-1', user_id: 'u-1' })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(AUDIENCE)
    .setSubject('s-1')
    .setExpirationTime('1h')
    .sign(createKeyring([first]).derive(purpose));
