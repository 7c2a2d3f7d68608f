import { Context } from '@temporalio/activity';
import { createSyncActivities } from '../../src/activities/sync';
import { policyFor } from '../../src/freshness/policy';
import { createLog } from '../../src/log';
import { type SyncWorld, syncWorld } from '../sync/syncWorld';
import { openStage, type Stage, until } from './stage';

const log = createLog({ level: 'fatal', name: 'test' });

let stage: Stage;
let world: SyncWorld;
beforeAll(async () => {
  [stage, world] = await Promise.all([openStage(), syncWorld({ people: 1, historyDays: 2 })]);
});
afterAll(() => Promise.all([stage?.close(), world?.close()]));

test('an attempt at history that ended without a word is noted by the next one, and forgotten once a window has been read', async () => {
  const person = await world.consent(world.simulator.person);
  const { connectionId: _id, ...identity } = stage.newConnection();
  const connection = await world.connect(person, { _id, ...identity, nextPollAt: Date.now() + 3_600_000 });
  const real = createSyncActivities(world.deps, log);
  const activities = {
    ...real,
    deliver: async () => undefined,
    pull: async (window: Parameters<typeof real.pull>[0]) => {
      // As a worker that is gone: nothing of ours has the last word.
      if (window.purpose === 'backfill' && Context.current().info.attempt === 1) throw new Error('gone');
      return real.pull(window);
    },
  };
  await world.simulator.control.addFault({ endpoints: ['egvs'], kind: 'stall', stallMs: 1_500, times: null });
  await stage.play(activities, async () => {
    await stage.workflows(policyFor(300_000)).ensureRunning({ connectionId: _id, ...identity });
    const noted = await until('what became of it', async () => (await world.connectionNow(connection)).historyError);
    expect(noted.type).toBe('Timeout');
    expect((await world.connectionNow(connection)).backfill).toMatchObject({ startedAt: expect.any(Number), endedAt: null });

    await world.simulator.control.clearFaults();
    await until('the whole history', async () => (await world.connectionNow(connection)).backfill.endedAt);
    expect((await world.connectionNow(connection)).historyError).toBeNull();
  });
});
