import { randomBytes, randomUUID } from 'node:crypto';
import { createKeyring } from '../../src/security/keyring';
import type { Database } from '../../src/storage/database';
import { type GrantDoc, Grants, tokenPlace } from '../../src/storage/grants';
import { freshDatabase } from './freshDatabase';

const keyring = createKeyring([{ kid: 'k', key: new Uint8Array(randomBytes(32)) }]);

describe('grants', () => {
  let database: Database;
  let grants: Grants;

  beforeAll(async () => {
    database = await freshDatabase();
    grants = new Grants(database.db);
  });
  afterAll(() => database.close());

  const seal = (id: string, token: string) => keyring.seal(token, tokenPlace(id, 'refreshToken'));
  const consent = (consentId: string, consentedAt: number, _id: string = randomUUID()): GrantDoc => ({
    _id,
    teamId: 't',
    consentId,
    consentedAt,
    rev: 0,
    accessToken: keyring.seal(`access-${consentId}`, tokenPlace(_id, 'accessToken')),
    refreshToken: seal(_id, `refresh-${consentId}`),
    accessTokenIssuedAt: consentedAt,
    accessTokenExpiresAt: consentedAt + 7_200_000,
    intent: null,
    needsReauth: null,
  });
  const read = async (id: string) => {
    const grant = await grants.read('t', id);
    if (!grant) throw new Error('not stored');
    return grant;
  };
  const rotation = ({ _id }: GrantDoc, token: string) => ({
    accessToken: keyring.seal(`access-${token}`, tokenPlace(_id, 'accessToken')),
    refreshToken: seal(_id, token),
    accessTokenIssuedAt: 5,
    accessTokenExpiresAt: 6,
  });
  const tokenOf = async (id: string) => keyring.open((await read(id)).refreshToken, tokenPlace(id, 'refreshToken'));

  test('a consent settled by several at once, and once more after a rotation, is settled once', async () => {
    const first = consent('one', 10);
    const settled = await Promise.all(Array.from({ length: 10 }, () => grants.settle(first)));
    expect(settled).toEqual(Array.from({ length: 10 }, () => true));
    await grants.store(first, rotation(first, 'rotated'));
    expect(await grants.settle(first)).toBe(true);
    expect(await tokenOf(first._id)).toBe('rotated');
  });

  test.each([
    ['older first', ['one', 'two']],
    ['younger first', ['two', 'one']],
  ])('the youngest consent stands, whatever comes last: %s', async (_, order) => {
    const id = randomUUID();
    const consents = { one: consent('one', 10, id), two: consent('two', 20, id) };
    for (const name of order) await grants.settle(name === 'one' ? consents.one : consents.two);
    expect(await tokenOf(id)).toBe('refresh-two');
  });

  test('of two consents of one millisecond the same one stands in either order', async () => {
    const [id, other] = [randomUUID(), randomUUID()];
    for (const name of ['a', 'b']) await grants.settle(consent(name, 10, id));
    for (const name of ['b', 'a']) await grants.settle(consent(name, 10, other));
    expect((await read(id)).consentId).toBe((await read(other)).consentId);
  });

  test('a rotation that was read before a fresh consent does not overwrite it', async () => {
    const old = consent('one', 10);
    await grants.settle(old);
    await grants.settle(consent('two', 20, old._id));
    expect(await grants.store(old, rotation(old, 'late'))).toBe(false);
    expect(await grants.markNeedsReauth(old, 'revoked', 1)).toBe(false);
    expect(await read(old._id)).toMatchObject({ consentId: 'two', needsReauth: null });
  });

  test('of 20 rotations of one grant at once exactly one is stored', async () => {
    const grant = consent('one', 10);
    await grants.settle(grant);
    const stored = await Promise.all(Array.from({ length: 20 }, (_, n) => grants.store(grant, rotation(grant, `rotated-${n}`))));
    expect(stored.filter(Boolean)).toHaveLength(1);
    expect(await tokenOf(grant._id)).toBe(`rotated-${stored.indexOf(true)}`);
  });

  test('storing a token takes needs_reauth back', async () => {
    const grant = consent('one', 10);
    await grants.settle(grant);
    expect(await grants.markNeedsReauth(grant, 'revoked', 7)).toBe(true);
    expect(await read(grant._id)).toMatchObject({ needsReauth: { reason: 'revoked', at: 7 } });
    expect(await grants.store(grant, rotation(grant, 'zombie'))).toBe(true);
    expect(await read(grant._id)).toMatchObject({ needsReauth: null, intent: null, rev: 1 });
  });

  test('a refusal strikes out its own intent and not the one of a later sending', async () => {
    const grant = consent('one', 10);
    await grants.settle(grant);
    const mine = { tokenHash: 'h', at: 1, unanswered: true, earlierUnanswered: false };
    expect(await grants.recordIntent(grant, mine)).toBe(true);
    expect(await grants.recordIntent(grant, { ...mine, at: 2 })).toBe(false);
    expect(await grants.recordIntent(await read(grant._id), { ...mine, at: 2, earlierUnanswered: true })).toBe(true);
    await grants.strikeIntent(grant, mine);
    expect((await read(grant._id)).intent).toMatchObject({ at: 2, unanswered: true });
    await grants.strikeIntent(grant, { ...mine, at: 2 });
    expect((await read(grant._id)).intent).toMatchObject({ at: 2, unanswered: false, earlierUnanswered: true });
  });

  test('no token stands in the database in the clear', async () => {
    const grant = consent('one', 10);
    await grants.settle(grant);
    const raw = await database.db.collection('grants').findOne({});
    expect(JSON.stringify(raw)).not.toMatch(/refresh-one|access-one/);
  });

  test('another team reads nothing', async () => {
    const grant = consent('one', 10);
    await grants.settle(grant);
    expect(await grants.read('other', grant._id)).toBeNull();
  });
});
