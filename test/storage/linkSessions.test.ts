import { randomUUID } from 'node:crypto';
import { createKeyring } from '../../src/security/keyring';
import type { Database } from '../../src/storage/database';
import { LinkConsents } from '../../src/storage/linkConsents';
import { type ConsumedStep, type ExchangingStep, type LinkSessionDoc, NOTHING } from '../../src/storage/linkSessionDoc';
import { LinkSessions } from '../../src/storage/linkSessions';
import { freshDatabase } from './freshDatabase';

const keyring = createKeyring([{ kid: 'k', key: new Uint8Array(32).map((_, n) => n * 7) }]);
const sealed = (id: string) => keyring.seal('a token', { collection: 'link_sessions', id, field: 'x' });

let database: Database;
let sessions: LinkSessions;
let consents: LinkConsents;

beforeAll(async () => {
  database = await freshDatabase();
  sessions = new LinkSessions(database.db);
  consents = new LinkConsents(database.db);
});
afterAll(() => database?.close());

async function open(change: Partial<LinkSessionDoc> = {}): Promise<LinkSessionDoc> {
  const session: LinkSessionDoc = {
    _id: randomUUID(),
    teamId: randomUUID(),
    userId: randomUUID(),
    provider: null,
    filterOnProviders: null,
    redirectUrl: null,
    onClose: null,
    createdAt: 0,
    expiresAt: 1_000,
    spentCodeHashes: [],
    step: { kind: 'open' },
    unfinished: false,
    ...change,
  };
  await sessions.insert(session);
  return session;
}

const claimBy = (codeHash: string): ExchangingStep => ({ kind: 'exchanging', codeHash, nonce: randomUUID(), leaseUntil: 0 });

const consentBy = ({ codeHash }: ExchangingStep, id: string, consentedAt = 1_000): ConsumedStep => ({
  kind: 'consumed',
  codeHash,
  consentId: randomUUID(),
  consentedAt,
  tokens: { access: sealed(id), refresh: sealed(id), issuedAt: 0, expiresAt: 0 },
  connectionId: null,
});

const stepOf = async (session: LinkSessionDoc) => (await sessions.read(session))?.step;

describe('a link session', () => {
  test('is claimed by one of many codes at once', async () => {
    const session = await open();
    const claims = Array.from({ length: 20 }, (_, n) => claimBy(`code-${n}`));
    const won = await Promise.all(claims.map((claim) => sessions.claim(session, claim)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await stepOf(session)).toEqual(claims[won.indexOf(true)]);
  });

  test('is not claimed by a code that had it before', async () => {
    const session = await open();
    const [first, again] = [claimBy('a'), claimBy('a')];
    await sessions.claim(session, first);
    expect(await sessions.takeOver(session, first.nonce, again)).toBe(false);
    await sessions.reopen(session, first.nonce);
    expect(await sessions.claim(session, again)).toBe(false);
    expect(await stepOf(session)).toEqual({ kind: 'open' });
    expect(await sessions.claim(session, claimBy('b'))).toBe(true);
  });

  test('is taken over from the claim that was read, not from a later one', async () => {
    const session = await open();
    const [first, second, third] = [claimBy('a'), claimBy('b'), claimBy('c')];
    await sessions.claim(session, first);
    expect(await sessions.takeOver(session, first.nonce, second)).toBe(true);
    expect(await sessions.takeOver(session, first.nonce, third)).toBe(false);
    expect(await stepOf(session)).toEqual(second);
  });

  test('is consumed and reopened by the claim that stands only', async () => {
    const session = await open();
    const [lost, held] = [claimBy('a'), claimBy('b')];
    await sessions.claim(session, lost);
    await sessions.takeOver(session, lost.nonce, held);
    expect(await sessions.consume(session, lost.nonce, consentBy(lost, session._id))).toBe(false);
    expect(await sessions.reopen(session, lost.nonce)).toBe(false);

    const consent = consentBy(held, session._id);
    expect(await sessions.consume(session, held.nonce, consent)).toBe(true);
    expect(await sessions.consume(session, held.nonce, consentBy(held, session._id))).toBe(false);
    expect(await sessions.reopen(session, held.nonce)).toBe(false);
    expect(await stepOf(session)).toEqual(consent);
  });

  test('of another team is not there', async () => {
    const session = await open();
    const foreign = { _id: session._id, teamId: randomUUID() };
    expect(await sessions.read(foreign)).toBeNull();
    expect(await sessions.claim(foreign, claimBy('a'))).toBe(false);
  });
});

describe('a consumed session', () => {
  async function consumed(consentedAt: number): Promise<{ session: LinkSessionDoc; consent: ConsumedStep }> {
    const session = await open();
    const claim = claimBy('a');
    const consent = consentBy(claim, session._id, consentedAt);
    await sessions.claim(session, claim);
    await sessions.consume(session, claim.nonce, consent);
    return { session, consent };
  }

  test('is unfinished, and found oldest first, until it is finished; then it holds no token', async () => {
    const [young, old, tooYoung] = [await consumed(20), await consumed(10), await consumed(30)];
    const idsOf = async () => (await consents.unfinished(30, 100)).map(({ _id }) => _id);
    expect(await idsOf()).toEqual([old.session._id, young.session._id]);
    await consents.finish(old.session, old.consent.consentId, { connectionId: 'connection', overtaken: false });
    expect(await idsOf()).toEqual([young.session._id]);
    expect(await stepOf(old.session)).toMatchObject({ tokens: null, connectionId: 'connection' });
    await consents.finish(young.session, randomUUID(), { connectionId: 'another', overtaken: false });
    expect(await idsOf()).toEqual([young.session._id]);
    for (const { session, consent } of [young, tooYoung]) await consents.finish(session, consent.consentId, NOTHING);
  });

  test('is not purged before it is finished, however old', async () => {
    const { session, consent } = await consumed(1);
    const forgotten = await open();
    const usable = await open({ expiresAt: 5_000 });
    await sessions.purge(2_000);
    expect(await sessions.read(forgotten)).toBeNull();
    expect(await sessions.read(usable)).not.toBeNull();
    expect((await sessions.read(session))?.unfinished).toBe(true);
    await consents.finish(session, consent.consentId, NOTHING);
    await sessions.purge(2_000);
    expect(await sessions.read(session)).toBeNull();
  });

  test.each([1, 2, 3])('settled by many at once, a consent is accepted by all of them or refused by one (round %i)', async () => {
    const session = await open();
    const claim = claimBy('code');
    const consent = consentBy(claim, session._id);
    await sessions.claim(session, claim);
    await sessions.consume(session, claim.nonce, consent);
    const consumed = { ...session, step: consent };
    const told = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => ({
        by: n % 2 ? 'accept' : 'refuse',
        done: await (n % 2 ? consents.accept(consumed, consent.consentId) : consents.refuse(consumed, consent.consentId)),
      })),
    );
    const done = told.flatMap(({ by, done: was }) => (was ? [by] : []));
    if (done.includes('accept')) expect(new Set(done)).toEqual(new Set(['accept']));
    else expect(done).toEqual(['refuse']);
    expect((await stepOf(session))?.kind).toBe(done.includes('accept') ? 'consumed' : 'open');
  });
});
