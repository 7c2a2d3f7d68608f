import { gatedDb } from './gatedDb';
import { untoldNews } from './pullStories';
import { failureOf, type Person, pullOnce, type SyncWorld, syncWorld } from './syncWorld';
import { messagesOfType, storedReadings } from './told';
import { INNOCENT, verdict } from './verdict';

describe('a pull', () => {
  let world: SyncWorld;
  let person: Person;

  beforeAll(async () => {
    world = await syncWorld({ people: 2, historyDays: 3, delay: '0s' });
    person = await world.consent(world.simulator.person);
  });
  afterAll(() => world?.close());

  test('of another account stores nothing, marks the grant and tells the app once', async () => {
    const [, other] = await world.simulator.control.people();
    const stranger = await world.consent(other?.id ?? '');
    const { connection, window } = await untoldNews(world, { ...stranger, dexcomUserId: person.dexcomUserId }, 20);

    expect(await failureOf(pullOnce(world.deps, connection, window))).toBe('AccountChanged');
    expect(await failureOf(pullOnce(world.deps, connection, window))).toBe('NeedsReauth');
    expect(await storedReadings(world, connection)).toEqual([]);
    expect((await world.grantOf(connection)).needsReauth).toMatchObject({ reason: 'account_changed' });
    expect(await messagesOfType(world, connection, 'provider.connection.error')).toBe(1);
  });

  test.each([
    ['a token that Dexcom refuses', { kind: 'status', status: 401 }, 'TokenExpired'],
    ['too many calls', { kind: 'status', status: 429 }, 'RateLimited'],
    ['an outage', { kind: 'status', status: 503 }, 'DexcomUnavailable'],
    ['an error page', { kind: 'html' }, 'DexcomUnavailable'],
    ['half an answer', { kind: 'truncated' }, 'DexcomUnavailable'],
    ['a broken connection', { kind: 'reset' }, 'DexcomUnavailable'],
  ] as const)('%s stores nothing, and the next pull need not fence anybody off', async (_, fault, type) => {
    const { connection, window } = await untoldNews(world, person, 2);
    await world.simulator.control.addFault({ endpoints: ['egvs'], ...fault, times: 1 });
    expect(await failureOf(pullOnce(world.deps, connection, window))).toBe(type);
    expect(await storedReadings(world, connection)).toEqual([]);
    expect(await world.connectionNow(connection)).toMatchObject({ open: [], coveredUntil: connection.coveredUntil });
    expect((await world.grantOf(connection)).needsReauth).toBeNull();
  });

  test('a poll that is put off is not overdue: nobody need look after it until its turn', async () => {
    const { connection, window } = await untoldNews(world, person, 2);
    await world.simulator.control.addFault({ endpoints: ['egvs'], kind: 'status', status: 429, retryAfterSeconds: 600, times: 1 });
    const before = Date.now();
    expect(await failureOf(pullOnce(world.deps, connection, window))).toBe('RateLimited');
    const { nextPollAt, lastError, failures } = await world.connectionNow(connection);
    expect(nextPollAt).toBeGreaterThanOrEqual(before + 600_000);
    expect([lastError, failures]).toEqual([null, 0]);
  });

  test('an outage after a pull has died leaves no more open than before, however long it lasts', async () => {
    const { connection, window } = await untoldNews(world, person, 2);
    await world.deps.pulls.begin(connection._id, window);
    await world.simulator.control.addFault({ endpoints: ['egvs'], kind: 'status', status: 503, times: 3 });
    for (const _ of [1, 2, 3]) expect(await failureOf(pullOnce(world.deps, connection, window))).toBe('DexcomUnavailable');
    expect((await world.connectionNow(connection)).open).toHaveLength(1);
    await pullOnce(world.deps, connection, window);
    expect((await world.connectionNow(connection)).open).toEqual([]);
    expect(await verdict(world, person, connection, window)).toEqual(INNOCENT);
  });

  test('a token refused right after it was issued is waited for, not renewed', async () => {
    const { connection, window } = await untoldNews(world, person, 2);
    const grant = await world.grantOf(connection);
    await world.deps.grants.store(grant, { ...grant, accessTokenIssuedAt: Date.now() });
    await world.simulator.control.addFault({ endpoints: ['egvs'], kind: 'status', status: 401 });
    const failure = await pullOnce(world.deps, connection, window).catch((error: unknown) => error);
    expect(failure).toMatchObject({ type: 'DexcomUnavailable', retryAfterMs: expect.any(Number) });
  });

  test.each(['paused', 'disconnected'] as const)('does not begin on a %s connection, and stops when it becomes one', async (desired) => {
    const { connection, window } = await untoldNews(world, person, 2);
    const stopping = gatedDb(world.database.db, async (_, name) => {
      if (name === 'grants.findOne') await world.deps.connections.setDesired(connection.teamId, connection._id, desired);
    });
    expect(await failureOf(pullOnce(world.depsOver(stopping), connection, window))).toBe('NotWanted');
    expect(await failureOf(pullOnce(world.deps, connection, window))).toBe('NotWanted');
    expect(await storedReadings(world, connection)).toEqual([]);
  });
});
