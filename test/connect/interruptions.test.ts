import { setTimeout as sleep } from 'node:timers/promises';
import { completeLinkSession } from '../../src/connect/completeLinkSession';
import type { ConnectServices } from '../../src/connect/connectServices';
import { openLinkSession } from '../../src/connect/openLinkSession';
import { unfinishedLinkSessions } from '../../src/connect/unfinishedLinkSessions';
import { type CallTurn, token } from '../../src/dexcom/callGate';
import { DexcomError } from '../../src/dexcom/errors';
import { reconcilePolicyFor } from '../../src/reconcile/policy';
import { settleLinkSessions } from '../../src/reconcile/settleLinkSessions';
import type { GrantDoc } from '../../src/storage/grants';
import { atEveryStep } from '../sync/strikes';
import { CONSUMED_AFTER, type InterruptedWorld, openInterruptedWorld } from './interruptedWorld';
import { accessTokenOf, type Link, refreshTokenOf, SUCCESS } from './linkWorld';

let world: InterruptedWorld;

beforeAll(async () => {
  world = await openInterruptedWorld();
});
afterAll(() => world?.close());

const LATER = Date.now() + 24 * 3_600_000;

const reconcile = async (): Promise<void> => {
  for await (const page of unfinishedLinkSessions(world.services, { now: LATER, pageSize: 100 }))
    for (const { _id } of page) await completeLinkSession(world.services, _id);
};
const locationOf = async (callback: string): Promise<string | null> => (await world.open(callback)).headers.get('location');

/** Waits for the lease of whoever died or sleeps at the exchange, or at a renewal. */
async function leaseOver(link: Link): Promise<void> {
  const { step } = await world.sessionOf(link);
  const until = step.kind === 'exchanging' ? step.leaseUntil : step.kind === 'consumed' && step.renewingUntil;
  if (until) await sleep(until + 1 - Date.now());
}

const keptAccessToken = async (grant: GrantDoc): Promise<string> => accessTokenOf(grant);
/** Spends the refresh token, as the connection's workflow does when the access token runs out. */
const renewedAccessToken = async (grant: GrantDoc): Promise<string> =>
  (await (await world.issuerOf(grant)).refresh(refreshTokenOf(grant))).accessToken;

/** One person, one link, whatever happened: one connection that runs, one grant that Dexcom takes, one event, no token left behind. */
async function expectConnectedOnce(userId: string, link: Link, accessTokenFor = keptAccessToken): Promise<void> {
  const { app, services, db } = world;
  const connections = await services.connections.ofUser(app.teamId, userId);
  expect(connections).toHaveLength(1);
  const [{ _id: connectionId, desired, dexcomUserId } = { _id: '', desired: '', dexcomUserId: '' }] = connections;
  expect(desired).toBe('running');

  const grant = await world.grantOf(connectionId);
  expect((await (await world.issuerOf(grant)).dataRange(await accessTokenFor(grant))).userId).toBe(dexcomUserId);
  const session = await world.sessionOf(link);
  expect(session).toMatchObject({ unfinished: false, step: { kind: 'consumed', tokens: null, connectionId, consentId: grant.consentId } });
  expect(await db.collection('messages').countDocuments({ userId, type: 'provider.connection.created' })).toBe(1);
  expect(await services.workflows.isRunning(connectionId)).toBe(true);
}

test('an API killed between any two steps of a callback loses no consent: reconcile, a reload or another try end it', async () => {
  const steps = await atEveryStep(async (step) => {
    const userId = await world.app.newUser();
    const link = await world.begin(userId);
    const callback = await world.approve(link);
    const revive = world.strike(step);
    await world.open(callback);
    const died = revive();

    const consumed = (await world.sessionOf(link)).step.kind === 'consumed';
    await reconcile();
    if (consumed) await expectConnectedOnce(userId, link);

    await leaseOver(link);
    const reloaded = await locationOf(callback);
    if (consumed) expect(reloaded).toBe(SUCCESS);
    if (reloaded !== SUCCESS) expect(await locationOf(await world.approve(link))).toBe(SUCCESS);
    await expectConnectedOnce(userId, link);
    return died;
  });
  expect(steps).toBeGreaterThan(12);
});

test('a repair killed between any two of its steps is repaired by the next one', async () => {
  const steps = await atEveryStep(async (step) => {
    const userId = await world.app.newUser();
    const link = await world.unsettledConsent(userId);
    const reviveRepair = world.strike(step);
    await reconcile().catch(() => undefined);
    const died = reviveRepair();
    await reconcile();
    await expectConnectedOnce(userId, link);
    return died;
  });
  expect(steps).toBeGreaterThan(8);
});

test('an API asleep at any step of a callback, while others connect the person, changes nothing when it wakes', async () => {
  const steps = await atEveryStep(async (step) => {
    const userId = await world.app.newUser();
    const link = await world.begin(userId);
    const callback = await world.approve(link);

    const { slept, wake } = await world.lull(step, () => world.open(callback));

    await leaseOver(link);
    await reconcile();
    if ((await locationOf(callback)) !== SUCCESS) expect(await locationOf(await world.approve(link))).toBe(SUCCESS);
    await expectConnectedOnce(userId, link);
    const before = await world.grantOf((await world.services.connections.ofUser(world.app.teamId, userId))[0]?._id ?? '');

    await wake();
    await expectConnectedOnce(userId, link);
    expect(await world.grantOf(before._id)).toEqual(before);
    return slept;
  });
  expect(steps).toBeGreaterThan(12);
});

describe('after its access token ran out', () => {
  const runOut = () => world.simulator.control.clock({ advance: '3h' });
  const graceSeconds = (seconds: number) => world.simulator.control.settings({ graceSeconds: seconds });
  afterAll(() => graceSeconds(0));

  test('a consent whose callback was killed at any step, or could not reach Temporal, keeps tokens that Dexcom takes, with no grace', async () => {
    await graceSeconds(0);
    const steps = await atEveryStep(async (step) => {
      const userId = await world.app.newUser();
      const link = await world.begin(userId);
      const callback = await world.approve(link);
      const revive = world.strike(CONSUMED_AFTER + step);
      await world.open(callback);
      const died = revive();

      await runOut();
      await reconcile();
      await expectConnectedOnce(userId, link, renewedAccessToken);
      return died;
    });
    expect(steps).toBeGreaterThan(10);
  });

  test('a repair killed at any step is repaired by the next one, once more run out: no rotation is forgotten but the one under way', async () => {
    const steps = await atEveryStep(async (step) => {
      // Without a grace, whoever dies holding the only copy of a rotation has lost it: nothing stored can change that.
      await graceSeconds(120);
      const userId = await world.app.newUser();
      const link = await world.unsettledConsent(userId);
      await runOut();
      const revive = world.strike(step);
      await reconcile().catch(() => undefined);
      const died = revive();

      await leaseOver(link);
      const { step: reached } = await world.sessionOf(link);
      if (reached.kind !== 'consumed' || !reached.renewingUntil) {
        await graceSeconds(0);
        await runOut();
      }
      await reconcile();
      await expectConnectedOnce(userId, link, renewedAccessToken);
      return died;
    });
    expect(steps).toBeGreaterThan(12);
  });

  test('a repair asleep at any step, while another one settles, changes nothing when it wakes, within the grace', async () => {
    await graceSeconds(120);
    const steps = await atEveryStep(async (step) => {
      const userId = await world.app.newUser();
      const link = await world.unsettledConsent(userId);
      await runOut();
      const { slept, wake } = await world.lull(step, reconcile);

      await leaseOver(link);
      await reconcile();
      const [connection] = await world.services.connections.ofUser(world.app.teamId, userId);
      const before = await world.grantOf(connection?._id ?? '');
      await wake();
      expect(await world.grantOf(before._id)).toEqual(before);
      await expectConnectedOnce(userId, link, renewedAccessToken);
      return slept;
    });
    expect(steps).toBeGreaterThan(12);
  });
});

test('a link asked for again, as SDKs do after a 5xx, is the only one', async () => {
  const userId = await world.app.newUser();
  const sessions = world.db.collection('link_sessions');
  const ask = () => world.app.call('POST', '/v2/link/token', { body: { user_id: userId, provider: 'dexcom_v3' } });
  const steps = await atEveryStep(async (step) => {
    const revive = world.strike(step);
    const { status } = await ask();
    const died = revive();
    if (died) expect([status >= 500, await sessions.countDocuments({ userId })]).toEqual([true, 0]);
    return died;
  });
  expect(steps).toBeGreaterThanOrEqual(4);
  expect(await sessions.countDocuments({ userId })).toBe(1);
});

test('a link asked for twice is one, though the first time falls asleep before any of its steps until the second is answered', async () => {
  const { services, app } = world;
  const wanted = { provider: 'dexcom_v3', region: null, filterOnProviders: null, redirectUrl: null, onClose: null };
  const ask = async (userId: string) =>
    (await services.linkTokens.verify(await openLinkSession(services, { teamId: app.teamId, userId, ...wanted })))?.sessionId;
  const steps = await atEveryStep(async (step) => {
    const userId = await world.app.newUser();
    const { slept, wake } = await world.lull(step, () => ask(userId));

    const second = await ask(userId);
    expect(await wake()).toBe(second);
    expect(await world.db.collection('link_sessions').countDocuments({ userId })).toBe(1);
    return slept;
  });
  expect(steps).toBe(3);
});

test('a consent that nobody waits for is settled with the calls that tokens have, and later where there are none', async () => {
  const link = await world.unsettledConsent(await world.app.newUser());
  const { dexcom } = world.services;
  const turns: (CallTurn | undefined)[] = [];
  const counted: ConnectServices = {
    ...world.services,
    dexcom: {
      ...dexcom,
      clientFor: async (wanted) => ({
        ...(await dexcom.clientFor(wanted)),
        dataRange: async (_accessToken, _signal, turn) => {
          turns.push(turn);
          throw new DexcomError('budget_spent', 'no calls are left', null, 1_000);
        },
      }),
    },
  };
  const policy = { ...reconcilePolicyFor(1_000), unsettledMs: -60_000 };
  expect(await settleLinkSessions({ connect: counted, policy })).toBe(0);
  expect(turns).toEqual([token]);
  expect((await world.sessionOf(link)).unfinished).toBe(true);
});
