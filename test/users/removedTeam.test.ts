import { randomUUID } from 'node:crypto';
import { createKey } from '../../src/admin/createKey';
import { type ApiWorld, type App, openApiWorld, send } from '../api/apiWorld';
import { gatedDb } from '../sync/gatedDb';
import { atEveryStep } from '../sync/strikes';

/** One request is held before one of its operations on the database while another one runs from its beginning to its end. */
let world: ApiWorld;
let held: { step: number; readonly meanwhile: () => Promise<unknown> } | null = null;

beforeAll(async () => {
  world = await openApiWorld({
    over: (db) =>
      gatedDb(db, async () => {
        if (!held || held.step-- > 0) return;
        const { meanwhile } = held;
        held = null;
        await meanwhile();
      }),
  });
});
afterAll(() => world?.close());

async function newTeam(): Promise<{ readonly team: App; readonly remove: () => Promise<unknown> }> {
  const team = await world.newApp();
  const { key } = await createKey(world.services, { management: true, org: team.orgId, label: 'ours' });
  const remove = () => send(world.url, 'DELETE', `/v1/org/${team.orgId}/team/${team.teamId}`, undefined, { 'x-management-key': key });
  return { team, remove };
}

/** What `held` is to be done in the middle of: at each of its steps in turn. */
const duringEveryStep = (run: (step: number) => Promise<void>): Promise<number> =>
  atEveryStep(async (step) => {
    await run(step);
    const wasReached = held === null;
    held = null;
    return wasReached;
  });

/** Nobody who is not deleted is in a team that is gone. */
async function expectNobodyLeft({ teamId }: App): Promise<void> {
  const [team, users] = [await world.services.teams.byId(teamId), await world.services.users.count(teamId)];
  if (team === null) expect(users).toBe(0);
}

const create = ({ call }: App) => call('POST', '/v2/user', { body: { client_user_id: randomUUID() } });

test('a user who is being created while their team is deleted does not survive it', async () => {
  const steps = await duringEveryStep(async (step) => {
    const { team, remove } = await newTeam();
    held = { step, meanwhile: remove };
    await create(team);
    await expectNobodyLeft(team);
  });
  expect(steps).toBeGreaterThan(3);
});

test('nor does one who is created while the deletion is on its way', async () => {
  const steps = await duringEveryStep(async (step) => {
    const { team, remove } = await newTeam();
    held = { step, meanwhile: () => create(team) };
    await remove();
    await expectNobodyLeft(team);
  });
  expect(steps).toBeGreaterThan(5);
});

test('nor one who is brought back meanwhile', async () => {
  const steps = await duringEveryStep(async (step) => {
    const { team, remove } = await newTeam();
    const userId = await team.newUser();
    await team.call('DELETE', `/v2/user/${userId}`);
    held = { step, meanwhile: remove };
    await team.call('POST', `/v2/user/undo_delete?user_id=${userId}`);
    await expectNobodyLeft(team);
  });
  expect(steps).toBeGreaterThan(3);
});
