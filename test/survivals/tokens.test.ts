import { type ConnectedPerson, expectConnected } from '../crash/verdict';
import type { Engine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { providerOf } from '../engine/provider';
import { runAnew } from '../engine/runAnew';
import { YOUNG_MS } from './asked';
import { openTokensWorld, type TokensWorld } from './tokensWorld';

/** dexcom-api.md §9, what may befall a grant: two workers, a person for each survival, the simulator's ledger as the judge. */
describe('tokens', () => {
  let world: TokensWorld;
  let engine: TokensWorld['engine'];
  let temporal: TokensWorld['temporal'];
  let ask: TokensWorld['ask'];
  let somebody: TokensWorld['somebody'];

  beforeAll(async () => {
    world = await openTokensWorld({ people: 7, workers: 2 });
    ({ engine, temporal, ask, somebody } = world);
  }, 240_000);
  afterEach(() => engine.simulator.control.clearFaults());
  afterAll(() => world?.close());

  const settings = (change: Parameters<Engine['simulator']['control']['settings']>[0]) => engine.simulator.control.settings(change);
  const fault = (request: Parameters<Engine['simulator']['control']['addFault']>[0]) => engine.simulator.control.addFault(request);
  const hits = async (person: string): Promise<number> =>
    (await engine.simulator.control.faults()).filter(({ personId }) => personId === person).reduce((sum, { hits: one }) => sum + one, 0);

  /** Dexcom takes the refresh token that is stored, and the access token that it brings. */
  async function expectGood(connected: ConnectedPerson): Promise<void> {
    const { person } = connected;
    const rotated = (await ask.rotations(person)).length;
    const { id } = await ask.refuse(person, null);
    await eventually(async () => expect((await ask.rotations(person)).length).toBeGreaterThan(rotated));
    await engine.simulator.control.clearFault(id);
    const fetched = await ask.fetched(person);
    await eventually(async () => expect(await ask.fetched(person)).toBeGreaterThan(fetched));
    await expectConnected(engine, connected);
    expect(ask.errorsTold(connected)).toEqual([]);
  }

  test('a 401 storm over everybody renews each grant once', async () => {
    const before = await Promise.all(world.people.map(async ({ person }) => (await ask.rotations(person)).length));
    await Promise.all(world.people.map(({ person }) => ask.refuse(person)));
    await Promise.all(
      world.people.map(async ({ person }, n) => {
        const once = (before[n] ?? 0) + 1;
        await eventually(async () => expect((await ask.rotations(person)).length).toBeGreaterThanOrEqual(once));
        const fetched = await ask.fetched(person);
        await eventually(async () => expect(await ask.fetched(person)).toBeGreaterThan(fetched + 1));
        expect(await ask.rotations(person)).toHaveLength(once);
      }),
    );
  });

  describe('of one person, where Dexcom forgives no lost answer, whatever befalls another meanwhile', () => {
    beforeAll(() => settings({ graceSeconds: 0 }));

    test.concurrent('survival 1: on a 401 a token is renewed, the call repeated once, and what is refused for ever is no loop', async () => {
      const { person } = somebody(0);
      const known = (await ask.rotations(person)).length;
      await ask.refuse(person);
      await eventually(async () => expect(await ask.rotations(person)).toHaveLength(known + 1));
      const after = await ask.fetched(person);
      await eventually(async () => expect(await ask.fetched(person)).toBeGreaterThan(after));
      expect(await ask.rotations(person)).toHaveLength(known + 1);

      const { id } = await ask.refuse(person, null);
      await eventually(async () => expect((await ask.rotations(person)).length).toBeGreaterThan(known + 2));
      await engine.simulator.control.clearFault(id);
      const at = (await ask.rotations(person)).slice(known + 1).map((rotation) => rotation.at);
      for (const [n, later] of at.slice(1).entries()) expect(later - (at[n] ?? 0)).toBeGreaterThanOrEqual(YOUNG_MS);
      await expectGood(somebody(0));
    });

    test.concurrent('survival 4: outages, pages, odd bodies, limits and nights disconnect nobody', async () => {
      const { person } = somebody(6);
      const rotated = (await ask.rotations(person)).length;
      const token = { endpoints: ['token' as const], personId: person };
      const night = { from: '00:00', to: '13:00', zone: new Date().getUTCHours() < 12 ? 'UTC' : 'Etc/GMT+12' };
      await fault({ kind: 'status', status: 503, ...token });
      await fault({ kind: 'html', status: 400, ...token });
      await fault({ kind: 'html', ...token });
      for (const form of ['description', 'errors', 'message', 'text', 'bytes', 'half'] as const)
        await fault({ kind: 'oddBody', form, ...token });
      await fault({ kind: 'status', status: 429, ...token });
      await fault({ kind: 'status', status: 500, daily: night, ...token });
      await ask.refuse(person);
      await eventually(async () => expect(await hits(person)).toBe(12), { withinMs: 120_000 });
      await eventually(async () => expect(await ask.rotations(person)).toHaveLength(rotated + 1), { withinMs: 120_000 });
      await expectGood(somebody(6));
    });

    test.concurrent('survival 2: of two workers that send the same token one wins, and the other goes by what it has stored', async () => {
      const { person, userId } = somebody(1);
      const before = (await ask.tokenCalls(person)).length;
      await ask.refuse(person, 2);
      // Long enough for a second run to begin meanwhile, on a busy machine too.
      await fault({ kind: 'stall', stallMs: 8_000, when: 'after', endpoints: ['token'], personId: person });
      await eventually(async () => expect(await hits(person)).toBe(2));
      // The first one's answer is on its way; a second run meets the same 401, and sends the same token.
      await runAnew({ engine, temporal }, userId, { refusedRereadMs: [0, ...Array.from({ length: 18 }, () => 1_000)] });
      await eventually(async () => {
        const statuses = (await ask.tokenCalls(person)).slice(before).map(({ status }) => status);
        expect(statuses.slice(0, 2).toSorted()).toEqual([200, 400]);
      });
      await expectGood(somebody(1));
    });

    test.concurrent('a fresh consent during a refresh wins', async () => {
      const { person, userId } = somebody(2);
      await fault({ kind: 'stall', stallMs: 8_000, when: 'after', endpoints: ['token'], personId: person });
      await ask.refuse(person);
      await eventually(async () => expect(await hits(person)).toBe(2));
      await engine.reconnect(userId, person);
      await eventually(async () => {
        const late = (await ask.rotations(person)).at(-1);
        expect(late?.answer).toBe('answered');
      });
      await expectGood(somebody(2));
      const consents = await engine.simulator.control.grants({ personId: person });
      expect((await ask.rotations(person)).at(-1)?.grantId).toBe(consents.at(-1)?.id);
      expect(consents).toHaveLength(2);
    });

    test.concurrent('survival 3: an answer lost without a grace is a connection that is called lost', async () => {
      const lost = somebody(4);
      await runAnew({ engine, temporal }, lost.userId, { refusedRetryMs: [500] });
      await fault({ kind: 'reset', when: 'after', endpoints: ['token'], personId: lost.person });
      await ask.refuse(lost.person);
      await eventually(async () => expect((await providerOf(engine, lost.userId)).status).toBe('error'));
      await eventually(() => expect(ask.errorsTold(lost).map(({ body }) => body.data.reason)).toEqual(['rotation_lost']));
      expect((await ask.rotations(lost.person)).at(-1)).toMatchObject({ answer: 'dropped', firstUsedAt: null });
    });

    test.concurrent('survival 5: a refused grant is told once when that is confirmed, tried further, and ended by a new consent at any time', async () => {
      const refused = somebody(5);
      const { person, userId } = refused;
      await runAnew({ engine, temporal }, userId, { refusedRetryMs: Array.from({ length: 100 }, () => 1_000) });
      await engine.simulator.control.revoke({ personId: person });
      await eventually(() => expect(ask.errorsTold(refused).map(({ body }) => body.data.reason)).toEqual(['revoked']));
      const { connection_id, status } = await providerOf(engine, userId);
      expect(status).toBe('connected');
      const tries = (await ask.tokenCalls(person)).length;
      await eventually(async () => expect((await ask.tokenCalls(person)).length).toBeGreaterThan(tries + 1));

      await engine.reconnect(userId, person);
      const fetched = await ask.fetched(person);
      await eventually(async () => expect(await ask.fetched(person)).toBeGreaterThan(fetched));
      expect(await providerOf(engine, userId)).toMatchObject({ status: 'connected', connection_id });
      expect(ask.errorsTold(refused)).toHaveLength(1);
    });
  });

  test('survival 3: an answer lost to a broken line or a killed worker is got again within the grace', async () => {
    const graced = somebody(3);
    await settings({ graceSeconds: 120 });
    await fault({ kind: 'reset', when: 'after', endpoints: ['token'], personId: graced.person });
    await ask.refuse(graced.person);
    await eventually(async () => expect((await ask.rotations(graced.person)).at(-1)).toMatchObject({ repeats: 1 }));
    expect((await ask.tokenCalls(graced.person)).filter(({ dropped }) => dropped)).toHaveLength(1);

    await fault({ kind: 'stall', stallMs: 30_000, when: 'after', endpoints: ['token'], personId: graced.person });
    const before = (await ask.rotations(graced.person)).length;
    await ask.refuse(graced.person);
    await eventually(async () => expect(await ask.rotations(graced.person)).toHaveLength(before + 1));
    await Promise.all(engine.workers.map((worker) => worker.kill()));
    for (const worker of engine.workers) worker.start();
    await eventually(async () => expect((await ask.rotations(graced.person)).at(-1)?.repeats).toBeGreaterThan(0));
    await expectGood(graced);
  });

  test('survival 4, for an app: one that Dexcom does not know is one alarm, whoever it keeps waiting, until it is known again', async () => {
    const waiting = [0, 1, 2, 3].map(somebody);
    const [app] = await engine.simulator.control.apps();
    if (!app) throw new Error('no app');
    await engine.simulator.control.putApp({ ...app, clientSecret: 'another' });
    await Promise.all(waiting.map(({ person }) => ask.refuse(person)));
    for (const { userId } of waiting)
      await eventually(async () =>
        expect(await providerOf(engine, userId)).toMatchObject({ status: 'connected', last_error: { type: 'ClientRejected' } }),
      );
    const ready = async () => engine.call<{ rejected_apps: readonly object[] }>('GET', '/readyz');
    expect((await ready()).rejected_apps).toMatchObject([{ region: 'simulator', use: 'renew' }]);
    expect(ask.logged('Dexcom rejects this app')).toBe(1);

    await engine.simulator.control.putApp(app);
    await Promise.all(waiting.map(expectGood));
    expect((await ready()).rejected_apps).toEqual([]);
    expect([ask.logged('Dexcom rejects this app'), ask.logged('Dexcom takes this app again')]).toEqual([1, 1]);
  }, 240_000);

  // The last: everybody's tokens are short-lived meanwhile.
  test('survival 1: a token is renewed ahead of its end', async () => {
    const { person } = somebody(0);
    const refused = async () =>
      (await engine.simulator.control.calls({ personId: person, endpoint: 'egvs' })).filter(({ status }) => status === 401).length;
    const before = { rotated: (await ask.rotations(person)).length, refused: await refused() };
    // Renewed halfway: three seconds ahead.
    await settings({ accessTokenLifeSeconds: 6 });
    await eventually(async () => expect((await ask.rotations(person)).length).toBeGreaterThan(before.rotated + 3));
    await settings({ accessTokenLifeSeconds: 7_200 });
    expect((await refused()) - before.refused).toBeLessThan((await ask.rotations(person)).length - before.rotated);
    await expectGood(somebody(0));
  });
});
