import { setTimeout as sleep } from 'node:timers/promises';
import { MongoNetworkError } from 'mongodb';
import type { RefreshResult } from '../../src/activities';
import type { CallGate } from '../../src/dexcom/callGate';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { type RefreshRequest, refreshGrant } from '../../src/sync/refreshGrant';
import { SyncFailure } from '../../src/sync/syncFailure';
import { dexcomClient, onlyApp, openGate } from '../dexcom/dexcomClient';
import { type Gate, gatedDb } from './gatedDb';
import { sleepingGate } from './sleepingGate';
import { accessTokenOf, grantFor, type Person, type SyncWorld, syncWorld } from './syncWorld';
import { messagesOfType } from './told';

class Killed extends Error {}

const NO_GRACE = { graceSeconds: 0 };
const GRACE = { graceSeconds: 120 };

describe('a refresh of a grant', () => {
  let world: SyncWorld;
  let person: Person;

  beforeAll(async () => {
    world = await syncWorld({ historyDays: 1, delay: '0s' });
  });
  beforeEach(async () => {
    await world.simulator.control.settings(NO_GRACE);
  });
  afterAll(() => world.close());

  /** Each with a consent of its own: a refresh token is spent once. */
  async function connected(): Promise<ConnectionDoc> {
    person = await world.consent(world.simulator.person);
    return world.connect(person);
  }

  const refresh = (
    { _id: connectionId }: ConnectionDoc,
    change: Partial<RefreshRequest> = {},
    gate: Gate = async () => undefined,
  ): Promise<RefreshResult> =>
    refreshGrant(world.depsOver(gatedDb(world.database.db, gate)), {
      connectionId,
      step: 'spend',
      attemptsLeft: 3,
      sendBefore: Date.now() + 60_000,
      ...change,
    });

  const refreshUntil =
    (at: number): Gate =>
    async (operation) => {
      if (operation >= at) throw new Killed();
    };

  /** Dexcom takes what is stored, and the refresh token too. */
  async function expectGood(connection: ConnectionDoc): Promise<void> {
    const now = Date.now();
    const { userId } = await world.dexcom.egvs(accessTokenOf(await world.grantOf(connection)), { from: now - 60_000, to: now });
    expect(userId).toBe(person.dexcomUserId);
    expect(await refresh(connection)).toMatchObject({ kind: 'refreshed' });
    expect((await world.grantOf(connection)).needsReauth).toBeNull();
  }

  const failureOf = (working: Promise<unknown>): Promise<unknown> =>
    working.then(
      () => null,
      (error: unknown) => (error instanceof SyncFailure ? error.type : error),
    );

  test('stores the new pair and leaves nothing unanswered', async () => {
    const connection = await connected();
    const before = await world.grantOf(connection);
    const result = await refresh(connection);
    const after = await world.grantOf(connection);
    expect(result).toEqual({ kind: 'refreshed', accessTokenExpiresAt: after.accessTokenExpiresAt });
    expect(after).toMatchObject({ rev: before.rev + 1, intent: null });
    await expectGood(connection);
  });

  test('killed at any of its operations and repeated within the grace ends with good tokens', async () => {
    await world.simulator.control.settings(GRACE);
    for (let at = 0; ; at++) {
      const connection = await connected();
      const died = await failureOf(refresh(connection, {}, refreshUntil(at)));
      expect([null, expect.any(Killed)]).toContainEqual(died);
      expect(await refresh(connection)).toMatchObject({ kind: 'refreshed' });
      await expectGood(connection);
      if (died === null) return;
    }
  });

  test('killed without grace either ends with good tokens or says that a rotation was lost, as the ledger shows', async () => {
    const outcomes = new Set<string>();
    for (let at = 0; ; at++) {
      const connection = await connected();
      const died = await failureOf(refresh(connection, {}, refreshUntil(at)));
      const result = await refresh(connection, { attemptsLeft: 0 });
      const [rotation] = await rotationsNow();
      if (result.kind === 'refreshed') await expectGood(connection);
      else {
        expect(result.reason).toBe('rotation_lost');
        expect(rotation).toMatchObject({ firstUsedAt: null });
        expect((await world.grantOf(connection)).needsReauth).toMatchObject({ reason: 'rotation_lost' });
      }
      outcomes.add(result.kind);
      if (died === null) break;
    }
    expect(outcomes).toEqual(new Set(['refreshed', 'refused']));
  });

  test('twice at once: one wins, both end with its tokens and nobody is disconnected', async () => {
    for (let round = 0; round < 5; round++) {
      const connection = await connected();
      const results = await Promise.all([1, 2].map(() => orRefused(refresh(connection, { attemptsLeft: 0 }))));
      expect(results.some((kind) => kind === 'refreshed')).toBe(true);
      await expectGood(connection);
    }
  });

  test('asleep at any of its operations while another one finishes harms nothing', async () => {
    for (let at = 0; ; at++) {
      const connection = await connected();
      const { gate, asleepBefore, wake } = sleepingGate(at);
      const ending = orRefused(refresh(connection, { attemptsLeft: 0 }, gate));
      const slept = await asleepBefore(ending);
      // One that has sent its token and not stored the answer holds the only good pair.
      await orRefused(refresh(connection, { attemptsLeft: 0 }));
      wake();
      await ending;
      await expectGood(connection);
      if (!slept) return;
    }
  });

  test('asleep at any of its operations while the person consents again leaves the fresh consent alone', async () => {
    for (let at = 0; ; at++) {
      const connection = await connected();
      const { gate, asleepBefore, wake } = sleepingGate(at);
      const ending = orRefused(refresh(connection, { attemptsLeft: 0 }, gate));
      const slept = await asleepBefore(ending);
      person = await world.consent(world.simulator.person);
      await world.deps.grants.settle(grantFor({ ...connection, consentedAt: connection.consentedAt + 1 }, person.tokens));
      wake();
      await ending;
      await expectGood(connection);
      // What was good is of the fresh consent, not of the one before.
      expect(await rotationsNow()).not.toEqual([]);
      if (!slept) return;
    }
  });

  test('refused because another one has been quicker answers what that one has stored', async () => {
    const connection = await connected();
    await world.simulator.control.addFault({ endpoints: ['token'], kind: 'stall', stallMs: 500, times: 1 });
    const slow = refresh(connection);
    await eventually(async () => (await world.simulator.control.faults())[0]?.hits === 1);
    expect(await refresh(connection)).toMatchObject({ kind: 'refreshed' });
    expect(await slow).toMatchObject({ kind: 'refreshed' });
    await expectGood(connection);
  });

  test('waits for a database that is away when it has the new pair in hand', async () => {
    const connection = await connected();
    let away = 3;
    const result = await refresh(connection, {}, async (_, name) => {
      const grant = await world.grantOf(connection);
      if (name === 'grants.updateOne' && grant.intent && away-- > 0) throw new MongoNetworkError('away');
    });
    expect(away).toBeLessThan(0);
    expect(result).toMatchObject({ kind: 'refreshed' });
    await expectGood(connection);
  });

  test('is not begun when its time is over, and then no answer counts as lost', async () => {
    const connection = await connected();
    expect(await failureOf(refresh(connection, { sendBefore: Date.now() - 1 }))).toBe('DexcomUnavailable');
    expect(await rotationsNow()).toEqual([]);
    await world.simulator.control.revoke({ personId: person.id });
    expect(await refresh(connection)).toEqual({ kind: 'refused', reason: 'revoked' });
  });

  describe('whose call is counted', () => {
    const away = async () => {
      throw new MongoNetworkError('away');
    };
    const send = async ({ _id: connectionId }: ConnectionDoc, gate: Partial<CallGate>, change: Partial<RefreshRequest> = {}) => {
      const { url: baseUrl, clientId, clientSecret } = world.simulator;
      const client = dexcomClient({ baseUrl, clientId, clientSecret }, { ...openGate, ...gate });
      const deps = { ...world.deps, dexcom: onlyApp(client) };
      const request = { connectionId, step: 'spend', attemptsLeft: 3, sendBefore: Date.now() + 60_000, ...change } as const;
      return refreshGrant(deps, request).finally(() => client.close());
    };

    test('is not sent where it cannot be counted, nor once that has lasted too long, and no answer counts as lost', async () => {
      const connection = await connected();
      expect(await failureOf(send(connection, { admit: away }))).toBeInstanceOf(MongoNetworkError);
      const sendBefore = Date.now() + 50;
      const late = async () => eventually(async () => Date.now() >= sendBefore);
      expect(await failureOf(send(connection, { admit: late }, { sendBefore }))).toBe('DexcomUnavailable');
      expect(await rotationsNow()).toEqual([]);
      await world.simulator.control.revoke({ personId: person.id });
      expect(await refresh(connection)).toEqual({ kind: 'refused', reason: 'revoked' });
    });

    test('is waited for from its sending on, however long its call or its intent took', async () => {
      const connection = await connected();
      const answerWithinMs = 1_000;
      const slow = async () => new Promise<void>((resolve) => setTimeout(resolve, answerWithinMs + 200));
      expect(await send(connection, { admit: slow }, { answerWithinMs })).toMatchObject({ kind: 'refreshed' });
      await world.simulator.control.addFault({ endpoints: ['token'], kind: 'stall', stallMs: 5_000, times: 1 });
      expect(await failureOf(send(connection, {}, { answerWithinMs }))).toBe('DexcomUnavailable');
    });

    test('is answered where its 429 cannot be told to those who count', async () => {
      const connection = await connected();
      await world.simulator.control.addFault({ endpoints: ['token'], kind: 'status', status: 429, retryAfterSeconds: 7, times: 1 });
      await expect(send(connection, { refused: away })).rejects.toMatchObject({ type: 'RateLimited', retryAfterMs: 7_000 });
      expect((await world.grantOf(connection)).intent).toMatchObject({ unanswered: false });
    });
  });

  test('answers what somebody else has stored since, and spends nothing', async () => {
    const connection = await connected();
    const { accessTokenExpiresAt: knownExpiresAt } = await world.grantOf(connection);
    await world.deps.grants.store(await world.grantOf(connection), { ...(await world.grantOf(connection)), accessTokenExpiresAt: 99 });
    const rotated = (await rotationsNow()).length;
    expect(await refresh(connection, { knownExpiresAt })).toEqual({ kind: 'refreshed', accessTokenExpiresAt: 99 });
    expect(await rotationsNow()).toHaveLength(rotated);
  });

  test('a withdrawn consent is re-read without sending, told once when confirmed, and given up by the last try alone', async () => {
    const connection = await connected();
    await world.simulator.control.revoke({ personId: person.id });
    const sent = async () => (await world.simulator.control.calls({ personId: person.id, endpoint: 'token' })).length;
    const refused = { kind: 'refused', reason: 'revoked' };

    expect(await refresh(connection)).toEqual(refused);
    const calls = await sent();
    expect(await refresh(connection, { step: 'reread' })).toEqual(refused);
    expect(await errorsTold(connection)).toBe(0);
    expect(await refresh(connection, { step: 'confirm' })).toEqual(refused);
    expect(await refresh(connection, { step: 'confirm' })).toEqual(refused);
    expect(await sent()).toBe(calls);
    expect(await errorsTold(connection)).toBe(1);

    expect(await refresh(connection, { attemptsLeft: 1 })).toEqual(refused);
    expect((await world.grantOf(connection)).needsReauth).toBeNull();
    expect(await refresh(connection, { attemptsLeft: 0 })).toEqual(refused);
    expect((await world.grantOf(connection)).needsReauth).toMatchObject({ reason: 'revoked' });
    expect(await failureOf(refresh(connection))).toBe('NeedsReauth');
    expect(await errorsTold(connection)).toBe(1);
  });

  test('a mark whose messenger died is told by whoever meets it', async () => {
    const connection = await connected();
    await world.deps.grants.markNeedsReauth(await world.grantOf(connection), 'revoked', 1);
    expect(await failureOf(refresh(connection))).toBe('NeedsReauth');
    expect(await errorsTold(connection)).toBe(1);
  });

  test.each([
    ['an outage', { kind: 'status', status: 503 }, 'DexcomUnavailable'],
    ['an error page', { kind: 'html', status: 400 }, 'DexcomUnavailable'],
    ['too many calls', { kind: 'status', status: 429 }, 'RateLimited'],
  ] as const)('%s disconnects nobody', async (_, fault, type) => {
    const connection = await connected();
    await world.simulator.control.addFault({ endpoints: ['token'], ...fault, times: 1 });
    expect(await failureOf(refresh(connection, { attemptsLeft: 0 }))).toBe(type);
    await expectGood(connection);
  });

  test.each([
    ['a connection that breaks', { kind: 'reset' }],
    ['half an answer', { kind: 'truncated' }],
    ['a gateway that gives up', { kind: 'status', status: 504 }],
    ['an error page', { kind: 'html' }],
    ['nothing', { kind: 'empty' }],
  ] as const)('an answer lost to %s disconnects nobody within the grace, and is called lost without', async (_, fault) => {
    const losing = { endpoints: ['token' as const], ...fault, when: 'after' as const, times: 1 };
    const graced = await connected();
    await world.simulator.control.settings(GRACE);
    await world.simulator.control.addFault(losing);
    expect(await failureOf(refresh(graced, { attemptsLeft: 0 }))).toBe('DexcomUnavailable');
    await expectGood(graced);

    const connection = await connected();
    await world.simulator.control.settings(NO_GRACE);
    await world.simulator.control.addFault(losing);
    expect(await failureOf(refresh(connection, { attemptsLeft: 0 }))).toBe('DexcomUnavailable');
    expect(await refresh(connection)).toEqual({ kind: 'refused', reason: 'rotation_lost' });
    // However often it is tried again.
    expect(await refresh(connection, { attemptsLeft: 0 })).toEqual({ kind: 'refused', reason: 'rotation_lost' });
  });

  test('credentials of the operator that Dexcom does not know disconnect nobody', async () => {
    const connection = await connected();
    const { url, clientId, clientSecret } = world.simulator;
    const [app] = await world.simulator.control.apps();
    if (!app) throw new Error(`${url} has no app`);
    await world.simulator.control.putApp({ ...app, clientSecret: 'changed' });
    expect(await failureOf(refresh(connection, { attemptsLeft: 0 }))).toBe('ClientRejected');
    await world.simulator.control.putApp({ ...app, clientId, clientSecret });
    await expectGood(connection);
  });

  test('of a connection that has ended sends nothing', async () => {
    const connection = await connected();
    await world.deps.connections.setDesired(connection.teamId, connection._id, 'disconnected');
    expect(await failureOf(refresh(connection))).toBe('NotWanted');
    expect(await rotationsNow()).toEqual([]);
  });

  const errorsTold = (connection: ConnectionDoc) => messagesOfType(world, connection, 'provider.connection.error');

  /** Of the latest consent. */
  async function rotationsNow() {
    const { control } = world.simulator;
    const [grants, rotations] = await Promise.all([control.grants({ personId: person.id }), control.rotations({ personId: person.id })]);
    return rotations.filter(({ grantId }) => grantId === grants.at(-1)?.id);
  }
});

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}

const orRefused = (working: Promise<RefreshResult>): Promise<string> =>
  working.then(
    ({ kind }) => kind,
    (error: unknown) => {
      if (error instanceof SyncFailure) return error.type;
      throw error;
    },
  );
