import { randomUUID } from 'node:crypto';
import { reconcilePolicyFor } from '../../src/reconcile/policy';
import { settleUsers } from '../../src/reconcile/settleUsers';
import type { UserDoc } from '../../src/storage/users';
import { sampleConnection } from '../storage/sampleConnection';
import { atEveryStep } from '../sync/strikes';
import { openStruckWorld, type StruckWorld } from './struckWorld';

let world: StruckWorld;

beforeAll(async () => {
  world = await openStruckWorld();
});
afterAll(() => world?.close());

const call: StruckWorld['app']['call'] = (...request) => world.app.call(...request);
const create = (clientUserId: string) => call('POST', '/v2/user', { body: { client_user_id: clientUserId } });
const patch = (userId: string, body: object) => call('PATCH', `/v2/user/${userId}`, { body });
const remove = (userId: string) => call('DELETE', `/v2/user/${userId}`);
const undo = (userId: string) => call('POST', `/v2/user/undo_delete?user_id=${userId}`);
const policy = { ...reconcilePolicyFor(1_000), unsettledMs: -60_000 };
const reconcile = () => settleUsers({ people: world.services, policy });

const DAY_MS = 86_400_000;

const usersWith = (clientUserId: string) =>
  world.db.collection<UserDoc>('users').find({ teamId: world.app.teamId, clientUserId, deletion: null }).toArray();

/** Whoever asks next, by whatever way, is told the same: at most one live user has this id, and the next to want it gets it or hears of them. */
async function expectOneStory(clientUserId: string): Promise<string | null> {
  const resolved = await call('GET', `/v2/user/resolve/${clientUserId}`);
  const live = await usersWith(clientUserId);
  expect(live.map(({ _id }) => _id)).toEqual(resolved.status === 200 ? [resolved.body.user_id] : []);
  if (resolved.status === 200)
    expect((await call('GET', `/v2/user/${resolved.body.user_id}`)).body).toMatchObject({ client_user_id: clientUserId });

  const wanted = await create(clientUserId);
  expect([wanted.status, wanted.body.detail?.user_id]).toEqual(resolved.status === 200 ? [400, resolved.body.user_id] : [200, undefined]);
  expect(await usersWith(clientUserId)).toHaveLength(1);
  return resolved.status === 200 ? resolved.body.user_id : null;
}

/** Dies before `step` of what `act` does. @returns whether it did, and the answer's status */
async function dyingBefore(step: number, act: () => Promise<{ status: number }>): Promise<{ died: boolean; status: number }> {
  const revive = world.strike(step);
  const { status } = await act();
  return { died: revive(), status };
}

test('a create killed between any two steps makes one user or none, and the next caller finds out which', async () => {
  const steps = await atEveryStep(async (step) => {
    const id = randomUUID();
    const { died, status } = await dyingBefore(step, () => create(id));
    const found = await expectOneStory(id);
    if (status === 200) expect(found).not.toBeNull();
    return died;
  });
  expect(steps).toBeGreaterThanOrEqual(3);
});

test('a create that takes a deleted user’s id over is done, or not, and the old user comes back only if not', async () => {
  const steps = await atEveryStep(async (step) => {
    const id = randomUUID();
    const old = await world.app.newUser(id);
    await remove(old);
    const { died, status } = await dyingBefore(step, () => create(id));

    const undone = (await undo(old)).status;
    const found = await expectOneStory(id);
    expect(found === old).toBe(undone === 200);
    if (status === 200) expect(undone).toBe(404);
    return died;
  });
  expect(steps).toBeGreaterThanOrEqual(8);
});

test('a rename killed between any two steps has happened or not: both ids tell one story', async () => {
  const steps = await atEveryStep(async (step) => {
    const [before, after] = [randomUUID(), randomUUID()];
    const userId = await world.app.newUser(before);
    const { _id } = await world.services.connections.ensure(sampleConnection({ teamId: world.app.teamId, userId }));
    const { died, status } = await dyingBefore(step, () => patch(userId, { client_user_id: after }));

    const has = (await call('GET', `/v2/user/${userId}`)).body.client_user_id;
    if (status === 204) expect(has).toBe(after);
    const told = [await expectOneStory(before), await expectOneStory(after)];
    expect(told).toEqual(has === after ? [null, userId] : [userId, null]);
    await reconcile();
    if (has === after) expect((await world.services.connections.byId(world.app.teamId, _id))?.clientUserId).toBe(after);
    return died;
  });
  expect(steps).toBeGreaterThanOrEqual(8);
});

test('an earlier start of an ingestion and the history it brings in are there together or not at all, and the repair makes them so', async () => {
  const [start = '', earlier = ''] = [10, 20].map((days) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10));
  const [before, after] = [Date.parse(start), Date.parse(earlier)];
  const outcomes = new Set<unknown>();
  await atEveryStep(async (step) => {
    const userId = await world.app.newUser(randomUUID());
    await patch(userId, { ingestion_start: start });
    const made = sampleConnection({ teamId: world.app.teamId, userId, bounds: { from: before, to: null } });
    const read = { ...made.backfill, floor: before, doneBackTo: before, endedAt: Date.now() };
    const history = { pullId: null, scheduledAt: 0, offeredFrom: 0, pushed: false };
    const { _id } = await world.services.connections.ensure({ ...made, backfill: read, history });
    const standing = async () => {
      const { bounds, backfill } = (await world.services.connections.byId(world.app.teamId, _id)) ?? {};
      return { from: bounds?.from, floor: backfill?.floor };
    };
    const { died } = await dyingBefore(step, () => patch(userId, { ingestion_start: earlier }));

    const found = await standing();
    expect([
      { from: before, floor: before },
      { from: after, floor: after },
    ]).toContainEqual(found);
    outcomes.add(found.floor);
    const isChanged = (await call('GET', `/v2/user/${userId}`)).body.ingestion_start === earlier;
    await reconcile();
    expect((await standing()).floor).toBe(isChanged ? after : before);
    return died;
  });
  expect(outcomes).toEqual(new Set([before, after]));
});

test('a delete killed between any two steps has happened or not; the next try or the repair ends every connection and sees to the erasing', async () => {
  const steps = await atEveryStep(async (step) => {
    const id = randomUUID();
    const userId = await world.app.newUser(id);
    const { _id } = await world.services.connections.ensure(sampleConnection({ teamId: world.app.teamId, userId }));
    const { died } = await dyingBefore(step, () => remove(userId));

    const isGone = (await call('GET', `/v2/user/${userId}`)).status === 404;
    if (step % 2 === 0) await reconcile();
    else expect((await remove(userId)).status).toBe(died ? 200 : 404);
    if (step % 2 === 0 && !isGone) return died;

    expect(await world.services.connections.byId(world.app.teamId, _id)).toMatchObject({ desired: 'disconnected', tokensLeft: false });
    expect(await world.services.erasures.isRunning(userId)).toBe(true);
    expect(await expectOneStory(id)).toBeNull();
    return died;
  });
  expect(steps).toBeGreaterThanOrEqual(8);
});

test('an undo killed between any two steps has happened or not, and can be tried again', async () => {
  const steps = await atEveryStep(async (step) => {
    const id = randomUUID();
    const userId = await world.app.newUser(id);
    await remove(userId);
    const { died } = await dyingBefore(step, () => undo(userId));

    if ((await call('GET', `/v2/user/${userId}`)).status === 404) expect((await undo(userId)).status).toBe(200);
    expect(await expectOneStory(id)).toBe(userId);
    return died;
  });
  expect(steps).toBeGreaterThanOrEqual(3);
});
