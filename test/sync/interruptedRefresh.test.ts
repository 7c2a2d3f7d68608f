import { MongoNetworkError } from 'mongodb';
import type { RefreshResult } from '../../src/activities';
import { SyncFailure } from '../../src/sync/syncFailure';
import type { Gate } from './gatedDb';
import { GRACE, holds, NO_GRACE, openRefreshWorld, type RefreshWorld } from './refreshWorld';
import { sleepingGate } from './sleepingGate';
import { failureOf } from './syncWorld';

class Killed extends Error {}

describe('a refresh of a grant that dies, sleeps, meets another one or loses its answer', () => {
  let world: RefreshWorld;

  beforeAll(async () => {
    world = await openRefreshWorld();
  });
  beforeEach(async () => {
    await world.simulator.control.settings(NO_GRACE);
  });
  afterAll(() => world.close());

  const refreshUntil =
    (at: number): Gate =>
    async (operation) => {
      if (operation >= at) throw new Killed();
    };

  test('killed at any of its operations and repeated within the grace ends with good tokens', async () => {
    await world.simulator.control.settings(GRACE);
    for (let at = 0; ; at++) {
      const connection = await world.connected();
      const died = await failureOf(world.refresh(connection, {}, refreshUntil(at)));
      expect([null, expect.any(Killed)]).toContainEqual(died);
      expect(await world.refresh(connection)).toMatchObject({ kind: 'refreshed' });
      await world.expectGood(connection);
      if (died === null) return;
    }
  });

  test('killed without grace either ends with good tokens or says that a rotation was lost, as the ledger shows', async () => {
    const outcomes = new Set<string>();
    for (let at = 0; ; at++) {
      const connection = await world.connected();
      const died = await failureOf(world.refresh(connection, {}, refreshUntil(at)));
      const result = await world.refresh(connection, { attemptsLeft: 0 });
      const [rotation] = await world.rotations();
      if (result.kind === 'refreshed') await world.expectGood(connection);
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
      const connection = await world.connected();
      const results = await Promise.all([1, 2].map(() => orRefused(world.refresh(connection, { attemptsLeft: 0 }))));
      expect(results.some((kind) => kind === 'refreshed')).toBe(true);
      await world.expectGood(connection);
    }
  });

  test('asleep at any of its operations while another one finishes harms nothing', async () => {
    for (let at = 0; ; at++) {
      const connection = await world.connected();
      const { gate, asleepBefore, wake } = sleepingGate(at);
      const ending = orRefused(world.refresh(connection, { attemptsLeft: 0 }, gate));
      const slept = await asleepBefore(ending);
      // One that has sent its token and not stored the answer holds the only good pair.
      await orRefused(world.refresh(connection, { attemptsLeft: 0 }));
      wake();
      await ending;
      await world.expectGood(connection);
      if (!slept) return;
    }
  });

  test('asleep at any of its operations while the person consents again leaves the fresh consent alone', async () => {
    for (let at = 0; ; at++) {
      const connection = await world.connected();
      const { gate, asleepBefore, wake } = sleepingGate(at);
      const ending = orRefused(world.refresh(connection, { attemptsLeft: 0 }, gate));
      const slept = await asleepBefore(ending);
      await world.consentAgain(connection);
      wake();
      await ending;
      await world.expectGood(connection);
      // What was good is of the fresh consent, not of the one before.
      expect(await world.rotations()).not.toEqual([]);
      if (!slept) return;
    }
  });

  test('refused because another one has been quicker answers what that one has stored', async () => {
    const connection = await world.connected();
    await world.simulator.control.addFault({ endpoints: ['token'], kind: 'stall', stallMs: 500, times: 1 });
    const slow = world.refresh(connection);
    await holds(async () => (await world.simulator.control.faults())[0]?.hits === 1);
    expect(await world.refresh(connection)).toMatchObject({ kind: 'refreshed' });
    expect(await slow).toMatchObject({ kind: 'refreshed' });
    await world.expectGood(connection);
  });

  test('waits for a database that is away when it has the new pair in hand', async () => {
    const connection = await world.connected();
    let away = 3;
    const result = await world.refresh(connection, {}, async (_, name) => {
      const grant = await world.grantOf(connection);
      if (name === 'grants.updateOne' && grant.intent && away-- > 0) throw new MongoNetworkError('away');
    });
    expect(away).toBeLessThan(0);
    expect(result).toMatchObject({ kind: 'refreshed' });
    await world.expectGood(connection);
  });

  test.each([
    ['a connection that breaks', { kind: 'reset' }],
    ['half an answer', { kind: 'truncated' }],
    ['a gateway that gives up', { kind: 'status', status: 504 }],
    ['an error page', { kind: 'html' }],
    ['nothing', { kind: 'empty' }],
  ] as const)('an answer lost to %s disconnects nobody within the grace, and is called lost without', async (_, fault) => {
    const losing = { endpoints: ['token' as const], ...fault, when: 'after' as const, times: 1 };
    const graced = await world.connected();
    await world.simulator.control.settings(GRACE);
    await world.simulator.control.addFault(losing);
    expect(await failureOf(world.refresh(graced, { attemptsLeft: 0 }))).toBe('DexcomUnavailable');
    await world.expectGood(graced);

    const connection = await world.connected();
    await world.simulator.control.settings(NO_GRACE);
    await world.simulator.control.addFault(losing);
    expect(await failureOf(world.refresh(connection, { attemptsLeft: 0 }))).toBe('DexcomUnavailable');
    expect(await world.refresh(connection)).toEqual({ kind: 'refused', reason: 'rotation_lost' });
    // However often it is tried again.
    expect(await world.refresh(connection, { attemptsLeft: 0 })).toEqual({ kind: 'refused', reason: 'rotation_lost' });
  });
});

const orRefused = (working: Promise<RefreshResult>): Promise<string> =>
  working.then(
    ({ kind }) => kind,
    (error: unknown) => {
      if (error instanceof SyncFailure) return error.type;
      throw error;
    },
  );
