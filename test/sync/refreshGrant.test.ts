import { MongoNetworkError } from 'mongodb';
import type { CallGate } from '../../src/dexcom/callGate';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { type RefreshRequest, refreshGrant } from '../../src/sync/refreshGrant';
import { dexcomClient, onlyApp, openGate } from '../dexcom/dexcomClient';
import { holds, NO_GRACE, openRefreshWorld, type RefreshWorld } from './refreshWorld';
import { failureOf } from './syncWorld';
import { messagesOfType } from './told';

describe('a refresh of a grant', () => {
  let world: RefreshWorld;

  beforeAll(async () => {
    world = await openRefreshWorld();
  });
  beforeEach(async () => {
    await world.simulator.control.settings(NO_GRACE);
  });
  afterAll(() => world.close());

  const errorsTold = (connection: ConnectionDoc) => messagesOfType(world, connection, 'provider.connection.error');

  test('stores the new pair and leaves nothing unanswered', async () => {
    const connection = await world.connected();
    const before = await world.grantOf(connection);
    const result = await world.refresh(connection);
    const after = await world.grantOf(connection);
    expect(result).toEqual({ kind: 'refreshed', accessTokenExpiresAt: after.accessTokenExpiresAt });
    expect(after).toMatchObject({ rev: before.rev + 1, intent: null });
    await world.expectGood(connection);
  });

  test('is not begun when its time is over, and then no answer counts as lost', async () => {
    const connection = await world.connected();
    expect(await failureOf(world.refresh(connection, { sendBefore: Date.now() - 1 }))).toBe('DexcomUnavailable');
    expect(await world.rotations()).toEqual([]);
    await world.revoke();
    expect(await world.refresh(connection)).toEqual({ kind: 'refused', reason: 'revoked' });
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
      const connection = await world.connected();
      expect(await failureOf(send(connection, { admit: away }))).toBeInstanceOf(MongoNetworkError);
      const sendBefore = Date.now() + 50;
      const late = async () => holds(async () => Date.now() >= sendBefore);
      expect(await failureOf(send(connection, { admit: late }, { sendBefore }))).toBe('DexcomUnavailable');
      expect(await world.rotations()).toEqual([]);
      await world.revoke();
      expect(await world.refresh(connection)).toEqual({ kind: 'refused', reason: 'revoked' });
    });

    test('is waited for from its sending on, however long its call or its intent took', async () => {
      const connection = await world.connected();
      const answerWithinMs = 1_000;
      const slow = async () => new Promise<void>((resolve) => setTimeout(resolve, answerWithinMs + 200));
      expect(await send(connection, { admit: slow }, { answerWithinMs })).toMatchObject({ kind: 'refreshed' });
      await world.simulator.control.addFault({ endpoints: ['token'], kind: 'stall', stallMs: 5_000, times: 1 });
      expect(await failureOf(send(connection, {}, { answerWithinMs }))).toBe('DexcomUnavailable');
    });

    test('is answered where its 429 cannot be told to those who count', async () => {
      const connection = await world.connected();
      await world.simulator.control.addFault({ endpoints: ['token'], kind: 'status', status: 429, retryAfterSeconds: 7, times: 1 });
      await expect(send(connection, { refused: away })).rejects.toMatchObject({ type: 'RateLimited', retryAfterMs: 7_000 });
      expect((await world.grantOf(connection)).intent).toMatchObject({ unanswered: false });
    });
  });

  test('answers what somebody else has stored since, and spends nothing', async () => {
    const connection = await world.connected();
    const { accessTokenExpiresAt: knownExpiresAt } = await world.grantOf(connection);
    await world.deps.grants.store(await world.grantOf(connection), { ...(await world.grantOf(connection)), accessTokenExpiresAt: 99 });
    const rotated = (await world.rotations()).length;
    expect(await world.refresh(connection, { knownExpiresAt })).toEqual({ kind: 'refreshed', accessTokenExpiresAt: 99 });
    expect(await world.rotations()).toHaveLength(rotated);
  });

  test('a withdrawn consent is re-read without sending, told once when confirmed, and given up by the last try alone', async () => {
    const connection = await world.connected();
    await world.revoke();
    const refused = { kind: 'refused', reason: 'revoked' };

    expect(await world.refresh(connection)).toEqual(refused);
    const calls = await world.sent();
    expect(await world.refresh(connection, { step: 'reread' })).toEqual(refused);
    expect(await errorsTold(connection)).toBe(0);
    expect(await world.refresh(connection, { step: 'confirm' })).toEqual(refused);
    expect(await world.refresh(connection, { step: 'confirm' })).toEqual(refused);
    expect(await world.sent()).toBe(calls);
    expect(await errorsTold(connection)).toBe(1);

    expect(await world.refresh(connection, { attemptsLeft: 1 })).toEqual(refused);
    expect((await world.grantOf(connection)).needsReauth).toBeNull();
    expect(await world.refresh(connection, { attemptsLeft: 0 })).toEqual(refused);
    expect((await world.grantOf(connection)).needsReauth).toMatchObject({ reason: 'revoked' });
    expect(await failureOf(world.refresh(connection))).toBe('NeedsReauth');
    expect(await errorsTold(connection)).toBe(1);
  });

  test('a mark whose messenger died is told by whoever meets it', async () => {
    const connection = await world.connected();
    await world.deps.grants.markNeedsReauth(await world.grantOf(connection), 'revoked', 1);
    expect(await failureOf(world.refresh(connection))).toBe('NeedsReauth');
    expect(await errorsTold(connection)).toBe(1);
  });

  test.each([
    ['an outage', { kind: 'status', status: 503 }, 'DexcomUnavailable'],
    ['an error page', { kind: 'html', status: 400 }, 'DexcomUnavailable'],
    ['too many calls', { kind: 'status', status: 429 }, 'RateLimited'],
  ] as const)('%s disconnects nobody', async (_, fault, type) => {
    const connection = await world.connected();
    await world.simulator.control.addFault({ endpoints: ['token'], ...fault, times: 1 });
    expect(await failureOf(world.refresh(connection, { attemptsLeft: 0 }))).toBe(type);
    await world.expectGood(connection);
  });

  test('credentials of the operator that Dexcom does not know disconnect nobody', async () => {
    const connection = await world.connected();
    const { url, clientId, clientSecret } = world.simulator;
    const [app] = await world.simulator.control.apps();
    if (!app) throw new Error(`${url} has no app`);
    await world.simulator.control.putApp({ ...app, clientSecret: 'changed' });
    expect(await failureOf(world.refresh(connection, { attemptsLeft: 0 }))).toBe('ClientRejected');
    await world.simulator.control.putApp({ ...app, clientId, clientSecret });
    await world.expectGood(connection);
  });

  test('of a connection that has ended sends nothing', async () => {
    const connection = await world.connected();
    await world.deps.connections.setDesired(connection.teamId, connection._id, 'disconnected');
    expect(await failureOf(world.refresh(connection))).toBe('NotWanted');
    expect(await world.rotations()).toEqual([]);
  });
});
