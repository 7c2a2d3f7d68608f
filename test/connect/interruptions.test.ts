import { completeLinkSession } from '../../src/connect/completeLinkSession';
import { unfinishedLinkSessions } from '../../src/connect/unfinishedLinkSessions';
import { eventually } from '../engine/eventually';
import { CONSUMED_AFTER, type InterruptedWorld, LEASE_MS, openInterruptedWorld } from './interruptedWorld';
import { accessTokenOf, type Link, SUCCESS } from './linkWorld';

let world: InterruptedWorld;

beforeAll(async () => {
  world = await openInterruptedWorld();
});
afterAll(() => world?.close());

const LATER = Date.now() + 24 * 3_600_000;

const reconcile = async (): Promise<void> => {
  for (const id of await unfinishedLinkSessions(world.services, { now: LATER, limit: 100 })) await completeLinkSession(world.services, id);
};
const locationOf = async (callback: string): Promise<string | null> => (await world.open(callback)).headers.get('location');

/** Every step in turn, until what runs no longer reaches it. @returns how many there were */
async function atEveryStep(runUpTo: (step: number) => Promise<boolean>): Promise<number> {
  let step = 0;
  while (await runUpTo(step)) step++;
  return step;
}

/** Waits for the lease of whoever died or sleeps at the exchange. */
async function leaseOver(link: Link): Promise<void> {
  const { step } = await world.sessionOf(link);
  if (step.kind === 'exchanging') await new Promise((resolve) => setTimeout(resolve, LEASE_MS + 20));
}

/** One person, one link, whatever happened: one connection that runs, one grant that Dexcom takes, one event, no token left behind. */
async function expectConnectedOnce(userId: string, link: Link): Promise<void> {
  const { app, services, db } = world;
  const connections = await services.connections.ofUser(app.teamId, userId);
  expect(connections).toHaveLength(1);
  const [{ _id: connectionId, desired, dexcomUserId } = { _id: '', desired: '', dexcomUserId: '' }] = connections;
  expect(desired).toBe('running');

  const grant = await world.grantOf(connectionId);
  expect((await services.dexcom.dataRange(accessTokenOf(grant))).userId).toBe(dexcomUserId);
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
    const link = await world.begin(userId);
    const callback = await world.approve(link);
    const revive = world.strike(CONSUMED_AFTER);
    await world.open(callback);
    revive();
    expect((await world.sessionOf(link)).unfinished).toBe(true);

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

    const sleeper = world.lull(step);
    let ended = false;
    const first = world.open(callback).finally(() => {
      ended = true;
    });
    await eventually(() => expect(ended || sleeper.isAsleep()).toBe(true), { everyMs: 10 });
    const slept = sleeper.lullNoMore();

    await leaseOver(link);
    await reconcile();
    if ((await locationOf(callback)) !== SUCCESS) expect(await locationOf(await world.approve(link))).toBe(SUCCESS);
    await expectConnectedOnce(userId, link);
    const before = await world.grantOf((await world.services.connections.ofUser(world.app.teamId, userId))[0]?._id ?? '');

    sleeper.wake();
    await first;
    await expectConnectedOnce(userId, link);
    expect(await world.grantOf(before._id)).toEqual(before);
    return slept;
  });
  expect(steps).toBeGreaterThan(12);
});
